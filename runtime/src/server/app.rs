//! A program that is built and not served yet.

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
use super::worker::{self, OpenRelay};
#[cfg(feature = "_direct")]
use crate::endpoint::Executor;
use crate::event::RouteInfo;
use crate::handler::Route;
use crate::logging::flush_at_end;
#[cfg(feature = "_direct")]
use crate::settings::Mode;
use crate::startup::{Program, ServeError};

/// A program whose handlers are checked and whose states are built: what [`Server::build`](crate::Server::build) returns.
///
/// It is served by [`App::serve`], or mounted in a server of your own by `App::into_service` (tonic, feature `grpc`) or
/// `App::into_router` (axum, feature `http`).
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
#[must_use = "a program that is not served answers nothing"]
pub struct App {
    pub(super) config: Config,
    pub(super) program: Arc<Program>,
    pub(super) shutdown: Option<BoxFuture<'static, ()>>,
    /// RoadRunner's stream, if it started the process.
    pub(super) relay: Option<OpenRelay>,
    /// Runs the handlers of a mounted program.
    #[cfg(feature = "_direct")]
    pub(super) executor: OnceLock<Arc<Executor>>,
}

impl App {
    /// Returns the state of a type, if there is one.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.program.dispatcher.states().get()
    }

    /// Lists the handlers, sorted by kind and pattern.
    pub fn routes(&self) -> Vec<RouteInfo> {
        let routes = self.program.dispatcher.routes();
        routes.iter().copied().map(Route::info).collect()
    }

    /// Serves until the end, as [`Server::serve`](crate::Server::serve) does.
    ///
    /// # Errors
    ///
    /// As [`serve()`](crate::serve).
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
            let max_message_len = config.max_frame_len;
            let program = async { Ok(program) };
            flush_at_end(endpoint::serve(config.direct, program, max_message_len, shutdown).await)
        }
        #[cfg(not(feature = "_direct"))]
        {
            drop((config, program, shutdown));
            flush_at_end(Err(worker::not_started_by_roadrunner()))
        }
    }

    /// Returns a handle that ends the program when it is mounted: see [`AppHandle`].
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
                self.config.direct.limits,
                runtime,
                None,
            ))
        })
    }

    /// Checks that a program may be mounted in this way.
    #[cfg(feature = "_direct")]
    pub(super) fn check_mounted(&self, mode: Mode) -> Result<(), ServeError> {
        self.config.warn_of_unused(mode);
        let settings = &self.config.direct;
        if settings.secrets.is_empty() && !settings.allow_plain {
            return Err(ServeError::start(
                "whoever reaches a mounted service can be any user: set a secret (WORKER_SECRET_KEY and \
                 WORKER_SECRET_VALUE, or `Server::require_metadata`), or call `Server::allow_unauthenticated` \
                 (WORKER_ALLOW_PLAIN=1) if your server or the network keeps others out",
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
