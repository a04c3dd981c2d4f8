//! A program that is ready for events, and its shutdown.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{Mutex, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::dispatch::Dispatcher;
use crate::error::panic_text;
use crate::handler::{ShutdownDef, States};
use crate::logging::{FLUSH_LIMIT, flush};
use crate::otel::flush_until;

/// How long all `#[shutdown]` functions together may take.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(6);
/// How long after the deadline a function may end that blocks its thread.
const BLOCKED_GRACE: Duration = Duration::from_millis(100);
/// The time that is left for the last traces in any case.
const MIN_FLUSH: Duration = Duration::from_millis(100);

/// A program whose states are built.
pub(crate) struct Program {
    pub(crate) dispatcher: Arc<Dispatcher>,
    /// The runtime inside of which `#[shutdown]` functions run and states are dropped.
    runtime: Handle,
    /// Whether the program is shut down. It is locked during the shutdown, so that a second call waits for the first one.
    is_shut_down: Mutex<bool>,
}

impl Program {
    /// Creates a program whose `#[shutdown]` functions run inside of `runtime`.
    pub(crate) fn new(dispatcher: Arc<Dispatcher>, runtime: Handle) -> Self {
        Self {
            dispatcher,
            runtime,
            is_shut_down: Mutex::new(false),
        }
    }

    #[cfg(feature = "_direct")]
    pub(crate) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Runs the `#[shutdown]` functions, drops the states in reverse order, and then sends the last traces. Further calls do
    /// nothing. The time limit is `limit`, but at most [`SHUTDOWN_LIMIT`] for functions and states.
    ///
    /// No state is dropped while a handler or a `#[shutdown]` function still runs: the states that it uses would be dropped after
    /// the states that they were built from. `running_handlers` is the number of such handlers.
    pub(crate) async fn shut_down(&self, limit: Duration, running_handlers: usize) {
        let end = Instant::now() + limit;
        let mut is_shut_down = self.is_shut_down.lock().await;
        if std::mem::replace(&mut *is_shut_down, true) {
            return;
        }
        self.end_states(limit, running_handlers).await;
        flush_until(end.max(Instant::now() + MIN_FLUSH)).await;
    }

    async fn end_states(&self, limit: Duration, running_handlers: usize) {
        let mut running = running_handlers;
        let states = self.dispatcher.states().clone();
        let mut defs: Vec<_> = inventory::iter::<ShutdownDef>.into_iter().collect();
        defs.sort_by_key(|def| (def.file, def.line));
        let deadline = Instant::now() + limit.min(SHUTDOWN_LIMIT);
        for def in defs {
            match self.run_shutdown_function(def, states.clone(), deadline).await {
                ShutdownResult::Completed => {}
                ShutdownResult::Failed(error) => {
                    tracing::error!(target: "centrifugo", handler = def.name, error, "shutdown function failed");
                }
                ShutdownResult::TimedOut => {
                    tracing::error!(target: "centrifugo", handler = def.name, "shutdown function timed out");
                }
                ShutdownResult::Blocked => {
                    running += 1;
                    tracing::error!(target: "centrifugo", handler = def.name, "shutdown function blocks its thread past its time limit");
                }
            }
        }
        if running > 0 {
            tracing::warn!(target: "centrifugo", running, "states are not dropped: handlers or shutdown functions still run");
            states.keep();
            return;
        }
        // On a thread that does not belong to a runtime, since dropping a state may block or may drop a runtime.
        let clear = self.run_on_thread("centrifugo-states", move || states.clear());
        let cleared = timeout_at(deadline.max(Instant::now()) + BLOCKED_GRACE, clear).await;
        let error = cleared.unwrap_or_else(|_| Err("dropping a state timed out".into()));
        if let Err(error) = error {
            tracing::error!(target: "centrifugo", error, "states not dropped");
        }
    }

    async fn run_shutdown_function(
        &self,
        def: &'static ShutdownDef,
        states: Arc<States>,
        deadline: Instant,
    ) -> ShutdownResult {
        let runtime = self.runtime.clone();
        // A function that is pending at the deadline is dropped, with its references to states.
        let run = move || runtime.block_on(timeout_at(deadline, (def.call)(states)));
        let result = self.run_on_thread("centrifugo-shutdown", run);
        match timeout_at(deadline + BLOCKED_GRACE, result).await {
            Ok(Ok(Ok(Ok(())))) => ShutdownResult::Completed,
            Ok(Ok(Ok(Err(error)))) => ShutdownResult::Failed(error.to_string()),
            Ok(Err(error)) => ShutdownResult::Failed(error),
            Ok(Ok(Err(_))) => ShutdownResult::TimedOut,
            Err(_) => ShutdownResult::Blocked,
        }
    }

    /// Runs a function on a new thread. A function that blocks there delays neither timers nor the end of the runtime.
    ///
    /// # Errors
    ///
    /// Returns a text if the function panicked or the thread was not started.
    async fn run_on_thread<T: Send + 'static>(
        &self,
        name: &str,
        run: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, String> {
        let (sender, result) = oneshot::channel();
        let runtime = self.runtime.clone();
        let run = move || {
            let _entered = runtime.enter();
            let _ = sender.send(catch_unwind(AssertUnwindSafe(run)));
        };
        thread::Builder::new()
            .name(name.into())
            .spawn(run)
            .map_err(|error| error.to_string())?;
        match result.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(panic)) => Err(format!("panicked: {}", panic_text(&*panic))),
            Err(_) => Err("the thread ended without a result".into()),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let is_shut_down = *self.is_shut_down.get_mut();
        if !is_shut_down && inventory::iter::<ShutdownDef>.into_iter().next().is_some() {
            tracing::warn!(target: "centrifugo", "program dropped without a shutdown: its shutdown functions did not run");
            flush(FLUSH_LIMIT);
        }
    }
}

/// The result of a `#[shutdown]` function.
enum ShutdownResult {
    Completed,
    Failed(String),
    /// It was pending at the deadline and has been dropped.
    TimedOut,
    /// It blocks its thread past the deadline and still runs.
    Blocked,
}
