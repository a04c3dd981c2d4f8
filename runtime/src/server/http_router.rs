//! The HTTP endpoint as a router for an axum server.

use super::app::App;
use crate::endpoint::http;
use crate::settings::Mode;
use crate::startup::ServeError;

impl App {
    /// Returns a router for your axum server. It has one route for each kind of event, under `Server::http_prefix`.
    ///
    /// Your server controls addresses, TLS and the shutdown. Call [`App::handle`] before this function, and use the handle to shut
    /// down the program. `Server::require_metadata`, `Server::concurrency` and all time limits apply.
    ///
    /// # Errors
    ///
    /// Returns an error if no secret is set and [`Server::allow_unauthenticated`](crate::Server::allow_unauthenticated) was not
    /// called, since any caller could then be any user.
    pub fn into_router(self) -> Result<axum::Router, ServeError> {
        self.check_mounted(Mode::Router)?;
        let executor = self.executor().clone();
        let settings = self.config.endpoint;
        let prefix = settings.prefix().map_err(ServeError::start)?;
        let endpoint = http::Endpoint::new(executor, settings.secrets, self.config.max_frame_len);
        Ok(http::router(endpoint, &prefix))
    }
}
