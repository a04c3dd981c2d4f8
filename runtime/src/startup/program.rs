//! A program that is ready to take events, and its end.

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

/// How long all `#[shutdown]` functions may take together.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(6);
/// How much longer one that holds its thread is waited for.
const BLOCKED: Duration = Duration::from_millis(100);

pub(crate) struct Program {
    pub(crate) dispatcher: Arc<Dispatcher>,
    /// What `#[shutdown]` functions and the drops of states see.
    runtime: Handle,
    /// Whoever comes second waits for the first.
    finished: Mutex<bool>,
}

impl Program {
    /// A program whose own code runs inside of `runtime`.
    pub(crate) fn new(dispatcher: Arc<Dispatcher>, runtime: Handle) -> Self {
        Self {
            dispatcher,
            runtime,
            finished: Mutex::new(false),
        }
    }

    #[cfg(feature = "_direct")]
    pub(crate) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Runs the `#[shutdown]` functions, then drops the states in the reverse of their order. Once. They have so long, and
    /// no longer than [`SHUTDOWN_LIMIT`].
    ///
    /// While a handler (`running` of them) or a `#[shutdown]` function still runs, a state that it uses would be dropped
    /// after those that it was built from: no state is dropped then.
    pub(crate) async fn finish_within(&self, limit: Duration, mut running: usize) {
        let mut finished = self.finished.lock().await;
        if std::mem::replace(&mut *finished, true) {
            return;
        }
        let states = self.dispatcher.states().clone();
        let mut defs: Vec<_> = inventory::iter::<ShutdownDef>.into_iter().collect();
        defs.sort_by_key(|def| (def.file, def.line));
        let end = Instant::now() + limit.min(SHUTDOWN_LIMIT);
        for def in defs {
            match self.shut_down(def, states.clone(), end).await {
                Ended::Well => {}
                Ended::Badly(error) => {
                    tracing::error!(target: "centrifugo", function = def.name, error, "a shutdown function failed");
                }
                Ended::Late => {
                    tracing::error!(target: "centrifugo", function = def.name, "shutdown function timed out");
                }
                Ended::Blocked => {
                    running += 1;
                    tracing::error!(target: "centrifugo", function = def.name, "shutdown function blocks its thread past its time limit");
                }
            }
        }
        if running > 0 {
            tracing::warn!(target: "centrifugo", running, "states are not dropped: functions of the program still run");
            states.keep();
            return;
        }
        // A state that blocks here, or stops a runtime of its own, may do so on a thread that is no runtime's.
        let clear = self.apart("centrifugo-states", move || states.clear());
        let cleared = timeout_at(end.max(Instant::now()) + BLOCKED, clear).await;
        let error = cleared.unwrap_or_else(|_| Err("one took too long".into()));
        if let Err(error) = error {
            tracing::error!(target: "centrifugo", error, "the states were not dropped");
        }
    }

    async fn shut_down(&self, def: &'static ShutdownDef, states: Arc<States>, end: Instant) -> Ended {
        let runtime = self.runtime.clone();
        // Past the end it lets go of its states where it waits.
        let run = move || runtime.block_on(timeout_at(end, (def.call)(states)));
        match timeout_at(end + BLOCKED, self.apart("centrifugo-shutdown", run)).await {
            Ok(Ok(Ok(Ok(())))) => Ended::Well,
            Ok(Ok(Ok(Err(error)))) => Ended::Badly(error.to_string()),
            Ok(Err(error)) => Ended::Badly(error),
            Ok(Ok(Err(_))) => Ended::Late,
            Err(_) => Ended::Blocked,
        }
    }

    /// Runs it on a thread of its own: what blocks there holds up neither the timers nor a thread that the runtime waits for
    /// when it ends. What went wrong, if it panicked.
    async fn apart<T: Send + 'static>(
        &self,
        name: &str,
        run: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, String> {
        let (done, ended) = oneshot::channel();
        let runtime = self.runtime.clone();
        let run = move || {
            let _entered = runtime.enter();
            let _ = done.send(catch_unwind(AssertUnwindSafe(run)));
        };
        thread::Builder::new()
            .name(name.into())
            .spawn(run)
            .map_err(|error| error.to_string())?;
        match ended.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(panic)) => Err(format!("panicked: {}", panic_text(&*panic))),
            Err(_) => Err("its thread ended".into()),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let is_forgotten = !*self.finished.get_mut();
        if is_forgotten && inventory::iter::<ShutdownDef>.into_iter().next().is_some() {
            tracing::warn!(target: "centrifugo", "program dropped without its end: its shutdown functions did not run");
            flush(FLUSH_LIMIT);
        }
    }
}

enum Ended {
    Well,
    Badly(String),
    /// It was waiting, and has been dropped.
    Late,
    /// It still runs.
    Blocked,
}
