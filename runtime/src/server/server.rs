//! `serve()` and the server's settings.

use std::any::Any;
use std::future::Future;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use tokio::runtime::Handle;
use tower_layer::Layer;
use tower_service::Service;

use super::app::App;
use super::config::Config;
#[cfg(feature = "_direct")]
use super::endpoint;
use super::worker::{self, OpenRelay};
use crate::dispatch::box_layer;
use crate::error::BoxError;
use crate::event::Event;
use crate::handler::{Next, Outcome};
use crate::logging::flush_at_end;
use crate::settings::Mode;
use crate::startup::{Builder, Describe, Program, ServeError};
use crate::worker::Relay;

/// Serves Centrifugo's events with the annotated functions of all linked crates, until RoadRunner or a signal ends it.
///
/// As a worker where RoadRunner started the process (`RR_RELAY`); otherwise as Centrifugo's proxy endpoint itself: over
/// gRPC on `WORKER_LISTEN`, 127.0.0.1:10001 unless set, and over HTTP where `WORKER_HTTP_LISTEN` says so (feature `http`).
/// It then says on standard error where it listens, which handlers there are, and how Centrifugo is told to ask them.
///
/// The same as `Server::from_env()?.run()`.
///
/// # Errors
///
/// When the program can't start, with all that is problems at once; when RoadRunner's stream breaks; when events had no answer
/// in time at the end.
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

/// A server with settings of its own. What code sets beats the environment.
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
    /// Settings from the environment: `RR_MODE`, `RR_RELAY`, `WORKER_HANDLER_TIMEOUT` (such as `900ms` or `30s`),
    /// `WORKER_MAX_FRAME_LEN` (bytes), `WORKER_MAX_EVENTS`; `WORKER_DESCRIBE` (`1` or `json`) prints the handlers in place of
    /// serving.
    ///
    /// For the proxy endpoint also: `WORKER_LISTEN` (`off` for none) and `WORKER_HTTP_LISTEN` (addresses such as
    /// `127.0.0.1:10001`; port 0 for any that is free), `WORKER_HTTP_PREFIX`, `WORKER_SECRET_KEY` and `WORKER_SECRET_VALUE`,
    /// `WORKER_TLS_CERT`, `WORKER_TLS_KEY` and `WORKER_TLS_CLIENT_CA` (paths of PEM files), `WORKER_CONCURRENCY`,
    /// `WORKER_MAX_BLOCKED_HANDLERS`,
    /// `WORKER_MAX_CONNECTIONS`, `WORKER_ALLOW_PLAIN=1`.
    ///
    /// # Errors
    ///
    /// When a value can't be read.
    pub fn from_env() -> Result<Self, ServeError> {
        Ok(Self {
            config: Config::from_env(|key| std::env::var(key).ok())?,
            builder: Builder::default(),
            shutdown: None,
        })
    }

    /// A state. It takes the place of a `#[state]` function of its type, which then does not run.
    pub fn state<T: Any + Send + Sync>(mut self, value: T) -> Self {
        self.builder.state(value);
        self
    }

    /// The client that an [`Api`](crate::Api) gives, in place of the one that [`Client::from_env`](crate::api::Client::from_env)
    /// makes.
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

    /// The time limit of handlers that set none of their own; 10 s unless set. Keep it at Centrifugo's proxy time-out. As with
    /// all settings of time and number here, the server does not start with 0.
    pub fn handler_timeout(mut self, limit: Duration) -> Self {
        self.config.handler_timeout = Some(limit);
        self
    }

    /// The longest frame or message that is taken, in bytes; 64 MiB unless set.
    pub fn max_frame_len(mut self, bytes: usize) -> Self {
        self.config.max_frame_len = bytes;
        self
    }

    /// After this many events the worker asks RoadRunner to be replaced; never unless set. The direct endpoint takes no notice
    /// of it.
    pub fn max_events(mut self, events: u64) -> Self {
        self.config.max_events = Some(events);
        self
    }

    /// Lays a tower layer around events and their outcomes. The layer that was added first is the outermost: it sees an
    /// event first and its outcome last. An error of a layer is the event's answer: an [`Error`](crate::Error) as it is, any
    /// other as an internal one.
    ///
    /// [The guide](crate::guide::layers) has a time limit, a rate limit per user and an audit log.
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

    /// Ends the server as SIGTERM does when `future` is ready: events in hand are answered, `#[shutdown]` functions run. A
    /// worker of RoadRunner ends its whole process.
    ///
    /// ```no_run
    /// # async fn example(stop: tokio::sync::oneshot::Receiver<()>) -> Result<(), centrifugo::ServeError> {
    /// let stopped = async move { drop(stop.await) };
    /// centrifugo::Server::from_env()?.shutdown(stopped).serve().await
    /// # }
    /// ```
    pub fn shutdown(mut self, future: impl Future<Output = ()> + Send + 'static) -> Self {
        self.shutdown = Some(Box::pin(future));
        self
    }

    /// Serves until the end, on a runtime of its own: one thread for a worker of RoadRunner, as many as there are cores
    /// (and at least two) for the proxy endpoint.
    ///
    /// # Errors
    ///
    /// As [`serve()`]; also inside a tokio runtime, where [`Server::serve`] is the one to call.
    pub fn run(self) -> Result<(), ServeError> {
        if Handle::try_current().is_ok() {
            return Err(ServeError::start(
                "`serve()` blocks, and this thread is inside a tokio runtime: call `Server::from_env()?.serve().await`",
            ));
        }
        if let Some(describe) = self.config.describe {
            return print(describe);
        }
        let relay = self.config.relay()?;
        let threads = match relay {
            Some(_) => 1,
            None => std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2)),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .thread_name("centrifugo")
            .enable_all()
            .build()
            .map_err(|error| ServeError::start(format!("the runtime does not start: {error}")))?;
        let result = flush_at_end(match relay {
            Some(relay) => self.serve_relay(&relay, runtime.handle()),
            None => self.run_endpoint(&runtime),
        });
        // Threads that handlers block must not delay the end.
        runtime.shutdown_background();
        result
    }

    /// Apart from `run`: a worker of RoadRunner would have this future of 40 KiB on its stack too.
    #[inline(never)]
    fn run_endpoint(self, runtime: &tokio::runtime::Runtime) -> Result<(), ServeError> {
        runtime.block_on(self.serve_endpoint())
    }

    /// Serves until the end. States and the tasks of handlers live on the runtime that it is awaited in, which may be of any
    /// flavor; the proxy endpoint's connections and handlers have threads of their own.
    ///
    /// # Errors
    ///
    /// As [`serve()`].
    pub async fn serve(self) -> Result<(), ServeError> {
        if let Some(describe) = self.config.describe {
            return print(describe);
        }
        match self.config.relay()? {
            None => flush_at_end(self.serve_endpoint().await),
            Some(relay) => {
                let runtime = Handle::current();
                worker::serve_on_thread(runtime, move |runtime| self.serve_relay(&relay, runtime)).await
            }
        }
    }

    /// Checks the handlers and builds the states, for a program that looks at them before it serves, or that mounts them in
    /// a server of its own: see [`App`].
    ///
    /// Where `WORKER_DESCRIBE` is set, it prints the handlers and ends the process.
    ///
    /// # Errors
    ///
    /// When the program can't start, with all that is problems at once.
    pub async fn build(mut self) -> Result<App, ServeError> {
        if let Some(describe) = self.config.describe {
            print(describe)?;
            std::process::exit(0);
        }
        let relay = match self.config.relay()? {
            None => None,
            Some(relay) => {
                self.prepare_worker()?;
                Some(OpenRelay::open(&relay)?)
            }
        };
        if relay.is_none() {
            let problems = self.prepare();
            #[cfg(feature = "_direct")]
            let problems = [std::mem::take(&mut self.config.direct.problems), problems].concat();
            if !problems.is_empty() {
                return Err(ServeError::texts(problems));
            }
        }
        let dispatcher = Arc::new(self.builder.build().await?);
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
        config.direct.problems.extend(problems);
        let program = async {
            let dispatcher = Arc::new(builder.build().await?);
            Ok(Arc::new(Program::new(dispatcher, Handle::current())))
        };
        endpoint::serve(config.direct, program, config.max_frame_len, shutdown).await
    }

    #[cfg(not(feature = "_direct"))]
    async fn serve_endpoint(self) -> Result<(), ServeError> {
        Err(worker::not_started_by_roadrunner())
    }

    /// Begins the log and completes the builder. Returns what code set wrongly.
    fn prepare(&mut self) -> Vec<String> {
        #[cfg(feature = "logging")]
        crate::logging::init();
        if cfg!(panic = "abort") {
            tracing::warn!(target: "centrifugo", "built with `panic = \"abort\"`: a panic in a handler ends the worker");
        }
        self.builder.limit = self.config.handler_timeout;
        self.config.zeros()
    }

    fn prepare_worker(&mut self) -> Result<(), ServeError> {
        let problems = self.prepare();
        self.config.warn_of_unused(Mode::Worker);
        if problems.is_empty() {
            Ok(())
        } else {
            Err(ServeError::texts(problems))
        }
    }

    fn serve_relay(mut self, relay: &Relay, runtime: &Handle) -> Result<(), ServeError> {
        self.prepare_worker()?;
        let relay = OpenRelay::open(relay)?;
        let dispatcher = Arc::new(runtime.block_on(self.builder.build())?);
        let program = Arc::new(Program::new(dispatcher, runtime.clone()));
        worker::serve(&self.config, relay, program, self.shutdown, runtime)
    }
}

/// What was asked for on standard output; nothing is served then.
fn print(describe: Describe) -> Result<(), ServeError> {
    std::io::stdout()
        .write_all(describe.text().as_bytes())
        .map_err(|error| ServeError::start(format!("the handlers can't be printed: {error}")))
}

#[cfg(all(test, not(feature = "_direct")))]
mod tests {
    use super::*;

    #[test]
    fn without_an_endpoint_and_without_roadrunner_it_says_how_to_run() {
        let text = Server::from_env().unwrap().run().unwrap_err().to_string();
        assert!(
            text.contains("RR_RELAY is not set") && text.contains("rr serve"),
            "{text}"
        );
    }
}
