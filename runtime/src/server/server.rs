//! [`serve()`], and [`Server`] with the settings that all modes share.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use tokio::runtime::Handle;
use tower_layer::Layer;
use tower_service::Service;

use super::app::App;
use super::config::Config;
use super::description;
use super::document::Mounting;
#[cfg(feature = "_direct")]
use super::endpoint;
use super::worker::{self, OpenRelay};
use crate::dispatch::box_layer;
use crate::error::BoxError;
use crate::event::Event;
use crate::handler::{Next, Outcome};
use crate::logging::flush_at_end;
use crate::roadrunner_metrics;
use crate::settings::Mode;
use crate::startup::{Builder, Program, ServeError};
use crate::worker::Relay;

/// Serves Centrifugo's events with the handlers of all linked crates, until RoadRunner or a signal stops the program.
///
/// If RoadRunner started the process (it sets `RR_RELAY`), the program is its worker. Otherwise the program is Centrifugo's proxy
/// endpoint: it listens for gRPC on `WORKER_LISTEN`, which is `127.0.0.1:10001` by default, and for HTTP on `WORKER_HTTP_LISTEN`
/// if that is set (feature `http`). It then prints its addresses, its handlers and the matching configuration of Centrifugo to
/// standard error, or logs them at level INFO if the program has set its own tracing subscriber. `WORKER_BANNER=off` disables this.
///
/// This is the same as `Server::from_env()?.run()`.
///
/// # Errors
///
/// Returns an error if the program cannot start, with all problems at once. Also if the relay to RoadRunner fails, or if events
/// were not answered in time during the shutdown.
///
/// ```no_run
/// #[centrifugo::rpc("ping")]
/// fn ping() -> centrifugo::Json<&'static str> {
///     centrifugo::Json("pong")
/// }
///
/// fn main() -> Result<(), centrifugo::ServeError> {
///     centrifugo::serve()
/// }
/// ```
pub fn serve() -> Result<(), ServeError> {
    Server::from_env()?.run()
}

/// A server and its settings. Settings in code take precedence over environment variables.
///
/// ```no_run
/// # fn main() -> Result<(), centrifugo::ServeError> {
/// use std::time::Duration;
/// use centrifugo::Server;
///
/// struct Motto(&'static str);
///
/// Server::from_env()?.state(Motto("fast")).handler_timeout(Duration::from_secs(2)).run()
/// # }
/// ```
#[must_use]
pub struct Server {
    pub(super) config: Config,
    pub(super) builder: Builder,
    pub(super) shutdown: Option<BoxFuture<'static, ()>>,
}

impl Server {
    /// Reads the settings from the environment:
    ///
    #[doc = include_str!("../../docs/tables/variables.md")]
    ///
    /// RoadRunner sets `RR_MODE` and `RR_RELAY`.
    ///
    /// # Errors
    ///
    /// Returns an error if a value is invalid.
    pub fn from_env() -> Result<Self, ServeError> {
        Ok(Self {
            config: Config::from_env(|key| std::env::var(key).ok()).map_err(worker::report_failed_start)?,
            builder: Builder::default(),
            shutdown: None,
        })
    }

    /// Provides a state. It replaces the `#[state]` function of its type, which then does not run.
    pub fn state<T: Any + Send + Sync>(mut self, value: T) -> Self {
        self.builder.state(value);
        self
    }

    /// Provides the client for [`Api`](crate::Api). It replaces the one of
    /// [`Client::from_env`](crate::api::Client::from_env).
    ///
    /// ```no_run
    /// use centrifugo::Server;
    /// use centrifugo::api::Client;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = Client::grpc("grpc://127.0.0.1:10000").build()?;
    /// Server::from_env()?.api(client).run()?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "api")]
    pub fn api(self, client: crate::api::Client) -> Self {
        self.state(client)
    }

    /// Sets the time limit of handlers without a `timeout` of their own. The default is 10 s. Set it to the timeout of Centrifugo's
    /// proxy, which is 1 s by default.
    ///
    /// The server does not start with a limit of 0. This applies to all limits.
    pub fn handler_timeout(mut self, limit: Duration) -> Self {
        self.config.handler_timeout = Some(limit);
        self
    }

    /// Sets the longest frame or message that is accepted, in bytes. The default is 64 MiB.
    pub fn max_frame_len(mut self, bytes: usize) -> Self {
        self.config.max_frame_len = bytes;
        self
    }

    /// Sets the number of events after which a worker asks RoadRunner to replace it. By default, it never does. The proxy endpoint
    /// ignores this setting.
    pub fn max_events(mut self, events: u64) -> Self {
        self.config.max_events = Some(events);
        self
    }

    /// Adds a tower layer around all handlers. The layer that was added first is the outermost: it sees an event first and its
    /// outcome last. If a layer returns an error, the event is answered with it: with an [`Error`](crate::Error) unchanged, with any
    /// other error as an internal error.
    ///
    /// See [the guide](crate::guide::layers) for examples.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Next> + Send + 'static,
        L::Service: Service<Event, Response = Outcome, Error: Into<BoxError>, Future: Send>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        self.builder.layers.push(box_layer(layer));
        self
    }

    /// Stops the server when `future` completes, like SIGTERM: active events are answered, and `#[shutdown]` functions run. A
    /// RoadRunner worker exits its process.
    ///
    /// ```no_run
    /// # async fn example(stop: tokio::sync::oneshot::Receiver<()>) -> Result<(), centrifugo::ServeError> {
    /// let stop_requested = async move { drop(stop.await) };
    /// centrifugo::Server::from_env()?.shutdown(stop_requested).serve().await
    /// # }
    /// ```
    pub fn shutdown(mut self, future: impl Future<Output = ()> + Send + 'static) -> Self {
        self.shutdown = Some(Box::pin(future));
        self
    }

    /// Serves until the program stops, on a new tokio runtime. The runtime has one thread for a RoadRunner worker. For the proxy
    /// endpoint it has one thread for each core, and at least two.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`serve()`]. Also returns an error inside of a tokio runtime: call [`Server::serve`] there.
    pub fn run(self) -> Result<(), ServeError> {
        if Handle::try_current().is_ok() {
            return Err(ServeError::start(
                "`serve()` blocks, but this thread is inside of a tokio runtime; call `Server::from_env()?.serve().await`",
            ));
        }
        if let Some(description) = self.config.describe {
            return description::print(description, &self.config, Mounting::No);
        }
        let relay = self.relay()?;
        let threads = match relay {
            Some(_) => 1,
            None => std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2)),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .thread_name("centrifugo")
            .enable_all()
            .build()
            .map_err(|error| ServeError::start(format!("the tokio runtime cannot be started: {error}")))?;
        let result = flush_at_end(match relay {
            Some(relay) => self.serve_relay(&relay, runtime.handle()),
            None => self.run_endpoint(&runtime),
        });
        // Without waiting for its threads, since handlers may block them.
        runtime.shutdown_background();
        result
    }

    /// Not inlined, since the future takes 40 KiB on the stack, which a RoadRunner worker does not need.
    #[inline(never)]
    fn run_endpoint(self, runtime: &tokio::runtime::Runtime) -> Result<(), ServeError> {
        runtime.block_on(self.serve_endpoint())
    }

    /// Serves until the program stops. States and tasks of handlers run on the current tokio runtime, which may have any flavor.
    /// The proxy endpoint runs its connections and handlers on its own threads.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`serve()`].
    pub async fn serve(self) -> Result<(), ServeError> {
        if let Some(description) = self.config.describe {
            return description::print(description, &self.config, Mounting::No);
        }
        match self.relay()? {
            None => flush_at_end(self.serve_endpoint().await),
            Some(relay) => {
                let runtime = Handle::current();
                worker::serve_on_thread(runtime, move |runtime| self.serve_relay(&relay, runtime)).await
            }
        }
    }

    /// Checks the handlers and builds the states. Use this to mount the program in your own server, or to use its states before it
    /// serves. See [`App`].
    ///
    /// If `WORKER_DESCRIBE` is set, this prints the description and exits the process.
    ///
    /// # Errors
    ///
    /// Returns an error if the program cannot start, with all problems at once.
    pub async fn build(mut self) -> Result<App, ServeError> {
        if let Some(description) = self.config.describe {
            description::print(description, &self.config, Mounting::Possible)?;
            std::process::exit(0);
        }
        let relay = match self.relay()? {
            None => None,
            Some(relay) => {
                self.prepare_worker()?;
                Some(OpenRelay::open(&relay)?)
            }
        };
        if relay.is_none() {
            let problems = self.prepare();
            #[cfg(feature = "_direct")]
            let problems = [std::mem::take(&mut self.config.endpoint.problems), problems].concat();
            if !problems.is_empty() {
                return Err(ServeError::texts(problems));
            }
        }
        let built = self.builder.build().await;
        let dispatcher = Arc::new(built.map_err(worker::report_failed_start)?);
        Ok(App {
            config: self.config,
            program: Arc::new(Program::new(dispatcher, Handle::current())),
            shutdown: self.shutdown,
            relay,
            #[cfg(feature = "_direct")]
            executor: std::sync::OnceLock::new(),
        })
    }

    #[cfg(feature = "_direct")]
    async fn serve_endpoint(mut self) -> Result<(), ServeError> {
        let problems = self.prepare();
        self.config.warn_of_unused(Mode::Endpoint);
        let Self {
            mut config,
            builder,
            shutdown,
        } = self;
        config.endpoint.problems.extend(problems);
        let program = async {
            let dispatcher = Arc::new(builder.build().await?);
            Ok(Arc::new(Program::new(dispatcher, Handle::current())))
        };
        endpoint::serve(config.endpoint, program, config.max_frame_len, shutdown).await
    }

    #[cfg(not(feature = "_direct"))]
    async fn serve_endpoint(self) -> Result<(), ServeError> {
        Err(worker::not_started_by_roadrunner())
    }

    /// Starts the log and completes the builder. Returns the problems of settings in code.
    fn prepare(&mut self) -> Vec<String> {
        #[cfg(feature = "logging")]
        crate::logging::init(self.config.log_format, None);
        crate::logging::show_personal_ids(self.config.personal_ids);
        crate::otel::trust_trace_parent(self.config.trusts_trace_parent);
        if cfg!(panic = "abort") {
            tracing::warn!(target: "centrifugo", "built with `panic = \"abort\"`; a panic in a handler exits the process");
        }
        self.builder.handler_timeout = self.config.handler_timeout;
        self.config.zero_limits()
    }

    fn relay(&self) -> Result<Option<Relay>, ServeError> {
        self.config.relay().map_err(worker::report_failed_start)
    }

    fn prepare_worker(&mut self) -> Result<(), ServeError> {
        let problems = self.prepare();
        self.config.warn_of_unused(Mode::Worker);
        // Before the states are built, so that their metrics are recorded.
        roadrunner_metrics::start(self.config.roadrunner_rpc.as_deref());
        if problems.is_empty() {
            Ok(())
        } else {
            Err(worker::report_failed_start(ServeError::texts(problems)))
        }
    }

    fn serve_relay(mut self, relay: &Relay, runtime: &Handle) -> Result<(), ServeError> {
        self.prepare_worker()?;
        let relay = OpenRelay::open(relay)?;
        let dispatcher = runtime
            .block_on(self.builder.build())
            .map_err(worker::report_failed_start)?;
        let dispatcher = Arc::new(dispatcher);
        let program = Arc::new(Program::new(dispatcher, runtime.clone()));
        worker::serve(&self.config, relay, program, self.shutdown, runtime)
    }
}

#[cfg(all(test, not(feature = "_direct")))]
mod tests {
    use super::*;

    #[test]
    fn explains_how_to_run_without_an_endpoint_and_without_roadrunner() {
        let text = Server::from_env().unwrap().run().unwrap_err().to_string();
        assert!(
            text.contains("RR_RELAY is not set") && text.contains("rr serve"),
            "{text}"
        );
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}
