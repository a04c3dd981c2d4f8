//! The HTTP endpoint for a server of the user's own.

use std::fmt;
use std::sync::Arc;

use super::Server;
use super::direct::Mounted;
use crate::config::Mode;
use crate::program::Program;
use crate::serve_error::ServeError;
use crate::transport::http;

/// Centrifugo's HTTP proxy endpoint, to mount in an axum router: see [`Server::into_router`].
#[derive(Clone)]
pub struct HttpRouter {
    router: axum::Router,
    program: Arc<Program>,
}

impl HttpRouter {
    /// The routes, one for each kind, under `Server::http_prefix`.
    pub fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// Runs the `#[shutdown]` functions, then drops the states. Call it when the server has ended.
    pub async fn finish(&self) {
        self.program.finish().await;
    }
}

impl Server {
    /// Routes for an axum server of the user's own, which decides about addresses, TLS and its end. The states are built
    /// here; `Server::require_metadata`, `Server::concurrency` and the limits hold.
    ///
    /// ```no_run
    /// # async fn serve(app: axum::Router) {}
    /// # async fn example() -> Result<(), centrifugo::ServeError> {
    /// use axum::routing::get;
    ///
    /// let centrifugo = centrifugo::Server::from_env()?.into_router().await?;
    /// let app = axum::Router::new().route("/", get(async || "hello")).merge(centrifugo.router());
    /// // `axum::serve(listener, app).await`
    /// serve(app).await;
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
            front,
            settings,
            max_message_len,
        } = self.mount(Mode::Router).await?;
        let prefix = settings.prefix().map_err(ServeError::start)?;
        let router = http::router(front, settings.secrets, max_message_len, &prefix);
        Ok(HttpRouter { router, program })
    }
}

impl fmt::Debug for HttpRouter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRouter").finish_non_exhaustive()
    }
}
