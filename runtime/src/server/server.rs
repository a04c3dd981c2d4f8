//! `serve()` and the server's settings.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use tower_layer::Layer;
use tower_service::Service;

use super::config::Config;
use super::variables::Mode;
use crate::dispatch::{Next, wrap};
use crate::error::BoxError;
use crate::event::Event;
use crate::handler::Outcome;
use crate::startup::{Builder, Describe, Program, ServeError};
use crate::worker::{Control, Exit, Limits, Relay, Worker, warn_of_undelivered, watch_limits, watch_signals};

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
/// When the program can't start, with all that is wrong at once; when RoadRunner's stream breaks; when events had no answer
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
        self.builder.layers.push(wrap(layer));
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
        if tokio::runtime::Handle::try_current().is_ok() {
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
        let result = crate::logging::flush_at_end(match relay {
            Some(relay) => self.drive(relay, runtime.handle()),
            None => self.run_endpoint(&runtime),
        });
        // What handlers spawned, blocking threads among it, must not hold up the end.
        runtime.shutdown_background();
        result
    }

    /// Apart from `run`, which would have this future of 40 KiB on its stack in a worker of RoadRunner too.
    #[inline(never)]
    fn run_endpoint(self, runtime: &tokio::runtime::Runtime) -> Result<(), ServeError> {
        runtime.block_on(self.listen_and_serve())
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
        let Some(relay) = self.config.relay()? else {
            return crate::logging::flush_at_end(self.listen_and_serve().await);
        };
        let runtime = tokio::runtime::Handle::current();
        let (done, result) = tokio::sync::oneshot::channel();
        std::thread::Builder::new()
            .name("centrifugo-worker".into())
            .spawn(move || {
                let _ = done.send(crate::logging::flush_at_end(self.drive(relay, &runtime)));
            })
            .map_err(|error| ServeError::start(format!("the worker's thread does not start: {error}")))?;
        result
            .await
            .unwrap_or_else(|_| Err(ServeError::relay("the worker loop ended without a result")))
    }

    #[cfg(not(feature = "_direct"))]
    async fn listen_and_serve(self) -> Result<(), ServeError> {
        Err(ServeError::start(
            "RR_RELAY is not set, so RoadRunner did not start this process: name it as `server.command` in .rr.yaml, \
             with a `centrifuge` section beside it, and run `rr serve`; or build `centrifugo` with its feature `grpc`, \
             to serve Centrifugo without RoadRunner",
        ))
    }

    /// What every way to serve begins with. Gives what code set wrongly, to be said with the rest.
    pub(super) fn prepare(config: &Config, builder: &mut Builder) -> Vec<String> {
        #[cfg(feature = "logging")]
        crate::logging::init();
        if cfg!(panic = "abort") {
            tracing::warn!(target: "centrifugo", "built with `panic = \"abort\"`: a panic in a handler ends the worker");
        }
        builder.limit = config.handler_timeout;
        config.zeros()
    }

    fn drive(self, relay: Relay, runtime: &tokio::runtime::Handle) -> Result<(), ServeError> {
        let Self {
            config,
            mut builder,
            shutdown,
        } = self;
        let wrong = Self::prepare(&config, &mut builder);
        config.warn_of_unused(Mode::Worker);
        if !wrong.is_empty() {
            return Err(ServeError::texts(wrong));
        }
        let (source, sink, watched) = relay
            .open()
            .map_err(|error| ServeError::relay(format!("{relay:?} does not open: {error}")))?;
        let dispatcher = Arc::new(runtime.block_on(builder.build())?);
        warn_of_undelivered(dispatcher.routes(), config.version.as_deref());
        let program = Arc::new(Program::new(dispatcher.clone(), runtime.clone()));
        let control = Arc::new(Control::new());
        let started = {
            let _entered = runtime.enter();
            watch_signals(control.clone(), program.clone(), shutdown)
                .and_then(|()| watch_limits(control.clone(), dispatcher.clone(), watched))
        };
        started.map_err(|error| {
            ServeError::start(format!("the signals and the stream can't be watched: {error}"))
        })?;
        let limits = Limits {
            max_frame_len: config.max_frame_len,
            max_events: config.max_events,
        };
        let ended = Worker::new(source, sink, dispatcher, control.clone(), runtime.clone(), limits).run();
        match &ended {
            Ok(Exit::Stop) => tracing::debug!(target: "centrifugo", "told to stop"),
            Ok(Exit::EndOfFile) => tracing::debug!(target: "centrifugo", "RoadRunner is gone"),
            Err(_) => {}
        }
        // From here a signal has nothing to add, nor the watchdog.
        control.close();
        runtime.block_on(program.finish_within(control.last.begin(), 0));
        control.last.over();
        ended.map(drop).map_err(ServeError::relay)
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

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}
