//! The HTTP endpoint for an axum server of the user's own.

use super::app::App;
use crate::endpoint::http;
use crate::settings::Mode;
use crate::startup::ServeError;

impl App {
    /// Returns the routes of the HTTP endpoint for an axum server of your own, one for each kind, under
    /// `Server::http_prefix`.
    ///
    /// Your server decides about addresses, TLS and its end: take [`App::handle`] first, which ends the program.
    /// `Server::require_metadata`, `Server::concurrency` and the limits hold.
    ///
    /// # Errors
    ///
    /// When there is no secret and [`Server::allow_unauthenticated`](crate::Server::allow_unauthenticated) was not called:
    /// whoever reaches the routes could be any user.
    pub fn into_router(self) -> Result<axum::Router, ServeError> {
        self.check_mounted(Mode::Router)?;
        let executor = self.executor().clone();
        let settings = self.config.direct;
        let prefix = settings.prefix().map_err(ServeError::start)?;
        Ok(http::router(
            executor,
            settings.secrets,
            self.config.max_frame_len,
            &prefix,
        ))
    }
}
