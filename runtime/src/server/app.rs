//! A program that is built and not served yet: [`App`].

use std::fmt;
use std::sync::Arc;
#[cfg(feature = "_direct")]
use std::sync::OnceLock;

use futures_core::future::BoxFuture;
use tokio::runtime::Handle;

use super::config::Config;
#[cfg(feature = "_direct")]
use super::endpoint;
#[cfg(feature = "_direct")]
use super::handle::AppHandle;
#[cfg(feature = "_direct")]
use super::handler_warnings::{self, Access};
use super::worker::{self, OpenRelay};
#[cfg(feature = "_direct")]
use crate::endpoint::Executor;
use crate::event::RouteInfo;
use crate::handler::Route;
use crate::logging::flush_at_end;
#[cfg(feature = "_direct")]
use crate::settings::Mode;
use crate::startup::{Program, ServeError};

/// A program whose handlers are checked and whose states are built. [`Server::build`](crate::Server::build) returns it.
///
/// [`App::serve`] serves it. `App::into_service` (feature `grpc`) mounts it in your tonic server, and `App::into_router` (feature
/// `http`) in your axum server.
///
/// ```no_run
/// # struct Db;
/// # async fn example() -> Result<(), centrifugo::ServeError> {
/// let app = centrifugo::Server::from_env()?.build().await?;
/// println!("{} handlers", app.routes().len());
/// if let Some(db) = app.state::<Db>() {
///     // Warm it up.
/// }
/// app.serve().await
/// # }
/// ```
#[must_use = "a program that is not served answers no events"]
pub struct App {
    pub(super) config: Config,
    pub(super) program: Arc<Program>,
    pub(super) shutdown: Option<BoxFuture<'static, ()>>,
    /// The relay to RoadRunner, if RoadRunner started the process.
    pub(super) relay: Option<OpenRelay>,
    /// Runs the handlers of a mounted program. Created on first use.
    #[cfg(feature = "_direct")]
    pub(super) executor: OnceLock<Arc<Executor>>,
}

impl App {
    /// Returns the state of type `T`, or `None` if the program has no such state.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.program.dispatcher.states().get()
    }

    /// Returns the handlers, sorted by kind and pattern.
    pub fn routes(&self) -> Vec<RouteInfo> {
        let routes = self.program.dispatcher.routes();
        routes.iter().copied().map(Route::info).collect()
    }

    /// Serves until the program stops, like [`Server::serve`](crate::Server::serve).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`serve()`](crate::serve).
    pub async fn serve(self) -> Result<(), ServeError> {
        let Self {
            config,
            program,
            shutdown,
            relay,
            ..
        } = self;
        if let Some(relay) = relay {
            return worker::serve_on_thread(Handle::current(), move |runtime| {
                worker::serve(&config, relay, program, shutdown, runtime)
            })
            .await;
        }
        #[cfg(feature = "_direct")]
        {
            config.warn_of_unused(Mode::Endpoint);
            let max_message_len = config.max_frame_len;
            let program = async { Ok(program) };
            flush_at_end(endpoint::serve(config.endpoint, program, max_message_len, shutdown).await)
        }
        #[cfg(not(feature = "_direct"))]
        {
            drop((config, program, shutdown));
            flush_at_end(Err(worker::not_started_by_roadrunner()))
        }
    }

    /// Returns a handle that shuts down a mounted program. See [`AppHandle`].
    #[cfg(feature = "_direct")]
    pub fn handle(&self) -> AppHandle {
        AppHandle::new(self.program.clone(), self.executor().clone())
    }

    #[cfg(feature = "_direct")]
    pub(super) fn executor(&self) -> &Arc<Executor> {
        self.executor.get_or_init(|| {
            let runtime = self.program.runtime().clone();
            let dispatcher = self.program.dispatcher.clone();
            Arc::new(Executor::new(
                dispatcher,
                self.config.endpoint.limits,
                runtime,
                None,
            ))
        })
    }

    /// Checks that the program may be mounted, and warns of settings and handlers that have no effect in this mode.
    ///
    /// # Errors
    ///
    /// Returns an error if callers need no secret and the program does not allow this.
    #[cfg(feature = "_direct")]
    pub(super) fn check_mounted(&self, mode: Mode) -> Result<(), ServeError> {
        self.config.warn_of_unused(mode);
        let access = match mode {
            Mode::Router => Access::Http,
            _ => Access::Grpc,
        };
        handler_warnings::log(self.program.dispatcher.routes(), access);
        let settings = &self.config.endpoint;
        if settings.secrets.is_empty() && !settings.allow_plain {
            return Err(ServeError::start(
                "the mounted service has no secret, and any caller can be any user; set a secret (WORKER_SECRET_KEY and \
                 WORKER_SECRET_VALUE, or `Server::require_metadata`), or call `Server::allow_unauthenticated` \
                 (WORKER_ALLOW_PLAIN=1) if only Centrifugo can reach it",
            ));
        }
        Ok(())
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}
