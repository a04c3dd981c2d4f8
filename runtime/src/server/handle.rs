//! The shutdown of a mounted program: [`AppHandle`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::endpoint::Executor;
use crate::logging::{FLUSH_LIMIT, flush};
use crate::startup::Program;

/// How long active events may take after [`AppHandle::stop`].
const DRAIN_LIMIT: Duration = Duration::from_secs(5);
/// How long `#[shutdown]` functions and the drop of states may take.
const FINISH_LIMIT: Duration = Duration::from_millis(2400);

/// Shuts down a mounted program. [`App::handle`](crate::server::App::handle) returns it.
///
/// Call [`stop`](Self::stop) when your server begins its graceful shutdown, and [`finish`](Self::finish) when it has ended. If the
/// program is dropped without `finish`, its `#[shutdown]` functions do not run, and a warning is logged.
///
/// ```no_run
/// # async fn serve_with_graceful_shutdown<S>(app: S, signal: impl Future<Output = ()>) {}
/// # async fn terminated() {}
/// # async fn example() -> Result<(), centrifugo::ServeError> {
/// let app = centrifugo::Server::from_env()?.build().await?;
/// let handle = app.handle();
/// # #[cfg(feature = "http")]
/// let routes = app.into_router()?; // an `axum::Router`
/// # #[cfg(not(feature = "http"))]
/// # let routes = app;
/// let stopping = handle.clone();
/// let signal = async move {
///     terminated().await; // such as `tokio::signal::ctrl_c()`
///     stopping.stop();
/// };
/// // `axum::serve(listener, routes).with_graceful_shutdown(signal).await`
/// serve_with_graceful_shutdown(routes, signal).await;
/// handle.finish().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "without a call of `finish`, the `#[shutdown]` functions do not run"]
pub struct AppHandle {
    program: Arc<Program>,
    executor: Arc<Executor>,
}

impl AppHandle {
    pub(super) fn new(program: Arc<Program>, executor: Arc<Executor>) -> Self {
        Self { program, executor }
    }

    /// Starts the shutdown, so that the graceful shutdown of your server does not wait for streams and slow handlers.
    ///
    /// Open streams end with `UNAVAILABLE`, and their clients subscribe again. New streams are refused with `UNAVAILABLE`, also if
    /// their handlers are running. Other events are answered as before, and after 5 s with error 100.
    pub fn stop(&self) {
        self.executor.stop();
        let executor = Arc::downgrade(&self.executor);
        self.program.runtime().spawn(async move {
            sleep(DRAIN_LIMIT).await;
            if let Some(executor) = executor.upgrade() {
                executor.abort_events().await;
            }
        });
    }

    /// Waits up to 5 s for active events, runs the `#[shutdown]` functions, and drops the states.
    pub async fn finish(&self) {
        self.executor.stop();
        if timeout(DRAIN_LIMIT, self.executor.drained()).await.is_err() {
            let unanswered = self.executor.active_events();
            tracing::error!(target: "centrifugo", count = unanswered, "events did not end in time; aborting their handlers");
        }
        self.executor.abort_events().await;
        self.program
            .shut_down(FINISH_LIMIT, self.executor.running_handlers())
            .await;
        flush(FLUSH_LIMIT);
    }
}

impl fmt::Debug for AppHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppHandle").finish_non_exhaustive()
    }
}
