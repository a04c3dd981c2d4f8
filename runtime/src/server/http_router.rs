//! The HTTP endpoint for a server of the user's own.

use std::fmt;

use super::direct::Mounted;
use super::mounting::Mounting;
use super::server::Server;
use super::variables::Mode;
use crate::endpoint::http;
use crate::startup::ServeError;

/// Centrifugo's HTTP proxy endpoint, to mount in an axum router: see [`Server::into_router`].
#[derive(Clone)]
pub struct HttpRouter {
    router: axum::Router,
    mounting: Mounting,
}

impl HttpRouter {
    /// The routes, one for each kind, under `Server::http_prefix`.
    pub fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// Answers events that have no reply after 5 s with error 100. Call it when the server begins its graceful shutdown, which
    /// would wait for their handlers otherwise.
    pub fn stop(&self) {
        self.mounting.stop();
    }

    /// Waits for the events in hand, at most 5 s, runs the `#[shutdown]` functions, and drops the states. Call it when the
    /// server has ended.
    pub async fn finish(&self) {
        self.mounting.finish().await;
    }
}

impl Server {
    /// Routes for an axum server of the user's own, which decides about addresses, TLS and its end. The states are built
    /// here; `Server::require_metadata`, `Server::concurrency` and the limits hold.
    ///
    /// ```no_run
    /// # async fn serve_with_graceful_shutdown(app: axum::Router, signal: impl Future<Output = ()>) {}
    /// # async fn terminated() {}
    /// # async fn example() -> Result<(), centrifugo::ServeError> {
    /// use axum::routing::get;
    ///
    /// let centrifugo = centrifugo::Server::from_env()?.into_router().await?;
    /// let app = axum::Router::new().route("/", get(async || "hello")).merge(centrifugo.router());
    /// let stopping = centrifugo.clone();
    /// let signal = async move {
    ///     terminated().await; // such as `tokio::signal::ctrl_c()`
    ///     stopping.stop();
    /// };
    /// // `axum::serve(listener, app).with_graceful_shutdown(signal).await`
    /// serve_with_graceful_shutdown(app, signal).await;
    /// centrifugo.finish().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the program can't start, with all that is wrong at once.
    pub async fn into_router(self) -> Result<HttpRouter, ServeError> {
        let Mounted {
            program,
            executor,
            settings,
            max_message_len,
        } = self.mount(Mode::Router).await?;
        let prefix = settings.prefix().map_err(ServeError::start)?;
        let endpoint = http::Endpoint::new(executor.clone(), settings.secrets, max_message_len);
        let router = http::router(endpoint, &prefix);
        Ok(HttpRouter {
            router,
            mounting: Mounting::new(program, executor),
        })
    }
}

impl fmt::Debug for HttpRouter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRouter").finish_non_exhaustive()
    }
}
