//! `serve()` and the server's settings.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use crate::config::Config;
use crate::dispatch::{Builder, Dispatcher};
use crate::program::Program;
use crate::serve_error::ServeError;
use crate::transport::goridge::{Control, Exit, Limits, STOP_LIMIT, Worker, watch_limits, watch_signals};

/// Serves Centrifugo's events with the annotated functions of all linked crates, until RoadRunner or a signal ends it.
///
/// The same as `Server::from_env()?.run()`.
///
/// # Errors
///
/// When the program can't start, with all that is wrong at once; when RoadRunner's stream breaks.
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
    config: Config,
    builder: Builder,
}

impl Server {
    /// Settings from the environment: `RR_MODE`, `RR_RELAY`, `WORKER_HANDLER_TIMEOUT` (such as `900ms` or `30s`),
    /// `WORKER_MAX_FRAME_LEN` (bytes), `WORKER_MAX_EVENTS`.
    ///
    /// # Errors
    ///
    /// When a value can't be read.
    pub fn from_env() -> Result<Self, ServeError> {
        Ok(Self {
            config: Config::from_env(|key| std::env::var(key).ok())?,
            builder: Dispatcher::builder(),
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

    /// The time limit of handlers that set none of their own; 10 s unless set. Keep it at Centrifugo's proxy time-out.
    pub fn handler_timeout(mut self, limit: Duration) -> Self {
        self.config.handler_timeout = Some(limit);
        self
    }

    /// The longest frame that is taken, in bytes; 64 MiB unless set.
    pub fn max_frame_len(mut self, bytes: usize) -> Self {
        self.config.max_frame_len = bytes;
        self
    }

    /// After this many events the worker asks RoadRunner to be replaced.
    pub fn max_events(mut self, events: u64) -> Self {
        self.config.max_events = Some(events);
        self
    }

    /// Serves until the end, on a runtime of its own.
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
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("centrifugo")
            .enable_all()
            .build()
            .map_err(|error| ServeError::start(format!("the runtime does not start: {error}")))?;
        let result = self.drive(runtime.handle());
        // What handlers spawned, blocking threads among it, must not hold up the end.
        runtime.shutdown_background();
        result
    }

    /// Serves until the end, on the runtime that it is awaited in.
    ///
    /// # Errors
    ///
    /// As [`serve()`].
    pub async fn serve(self) -> Result<(), ServeError> {
        let runtime = tokio::runtime::Handle::current();
        let (done, result) = tokio::sync::oneshot::channel();
        std::thread::Builder::new()
            .name("centrifugo-worker".into())
            .spawn(move || {
                let _ = done.send(self.drive(&runtime));
            })
            .map_err(|error| ServeError::start(format!("the worker's thread does not start: {error}")))?;
        result
            .await
            .unwrap_or_else(|_| Err(ServeError::relay("the worker loop ended without a result")))
    }

    fn drive(self, runtime: &tokio::runtime::Handle) -> Result<(), ServeError> {
        let Self { config, mut builder } = self;
        let relay = config.relay()?;
        #[cfg(feature = "logging")]
        crate::logging::init();
        if cfg!(panic = "abort") {
            tracing::warn!(target: "centrifugo", "built with `panic = \"abort\"`: a panic in a handler ends the worker");
        }
        let (source, sink, watched) = relay
            .open()
            .map_err(|error| ServeError::relay(format!("{relay:?} does not open: {error}")))?;
        builder.limit = config.handler_timeout;
        let dispatcher = Arc::new(runtime.block_on(builder.build())?);
        let program = Arc::new(Program::new(dispatcher.clone()));
        let control = Arc::new(Control::new());
        let started = {
            let _entered = runtime.enter();
            watch_signals(control.clone(), program.clone())
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
        // From here a signal has nothing to add.
        control.request_stop();
        runtime.block_on(async {
            if tokio::time::timeout(STOP_LIMIT, program.finish()).await.is_err() {
                tracing::error!(target: "centrifugo", "the end took too long");
            }
        });
        ended.map(drop).map_err(ServeError::relay)
    }
}
