//! The end of a program that is mounted in a server of the user's own.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::endpoint::Executor;
use crate::logging::{FLUSH_LIMIT, flush};
use crate::startup::Program;

/// How long events in hand have after [`AppHandle::stop`].
const DRAIN_LIMIT: Duration = Duration::from_secs(5);
/// How long the `#[shutdown]` functions and the drops of states have.
const FINISH_LIMIT: Duration = Duration::from_millis(2400);

/// Ends a mounted program: [`App::handle`](crate::server::App::handle) returns it.
///
/// Call [`stop`](Self::stop) when your server begins its graceful shutdown, and [`finish`](Self::finish) when it has
/// ended. A program that is dropped without `finish` does not run its `#[shutdown]` functions; the log warns of it.
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
#[must_use = "the program ends without its shutdown functions unless `finish` is called"]
pub struct AppHandle {
    program: Arc<Program>,
    executor: Arc<Executor>,
}

impl AppHandle {
    pub(super) fn new(program: Arc<Program>, executor: Arc<Executor>) -> Self {
        Self { program, executor }
    }

    /// Ends open streams with `UNAVAILABLE`, so that Centrifugo subscribes their clients again elsewhere, and refuses new
    /// ones. Events that have no answer after 5 s are answered with error 100.
    ///
    /// A graceful shutdown would wait for streams and handlers otherwise.
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

    /// Waits for the events in hand, at most 5 s, runs the `#[shutdown]` functions, and drops the states.
    pub async fn finish(&self) {
        self.executor.stop();
        if timeout(DRAIN_LIMIT, self.executor.drained()).await.is_err() {
            let unanswered = self.executor.active_events();
            tracing::error!(target: "centrifugo", unanswered, "events did not end in time; ending without their handlers");
        }
        self.executor.abort_events().await;
        self.program
            .finish_within(FINISH_LIMIT, self.executor.running_handlers())
            .await;
        flush(FLUSH_LIMIT);
    }
}

impl fmt::Debug for AppHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppHandle").finish_non_exhaustive()
    }
}
