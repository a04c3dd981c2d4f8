//! From the start to the end of a program that is the proxy endpoint itself.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_core::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{oneshot, watch};
use tokio::time::timeout;

use super::banner::Notice;
use crate::endpoint::{
    ConnectionLimit, Door, DoorSettings, Executor, IoRuntime, OpenDoor, Ready, Secrets, Settings,
};
use crate::startup::{Builder, Hangup, Program, ServeError};

/// How long a stop may take in all, as under RoadRunner.
const STOP_LIMIT: Duration = Duration::from_millis(7500);
/// How much of it the events in hand have; the rest is for `#[shutdown]`.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);

/// Serves until a signal or `shutdown` ends it.
///
/// The states and the program's tasks live on the runtime that calls this; connections, timers and signals on one of their
/// own, which runs no code of the program but short handlers.
pub(crate) async fn run(
    settings: Settings,
    builder: Builder,
    max_message_len: usize,
    shutdown: Option<BoxFuture<'static, ()>>,
) -> Result<(), ServeError> {
    let ready = settings.check().await.map_err(ServeError::texts)?;
    let (stop, stopped) = watch::channel(false);
    let limit = ConnectionLimit::new(settings.max_connections);
    let doors = bind(&ready, &stopped, &limit)?;
    let program_runtime = Handle::current();
    let dispatcher = Arc::new(builder.build().await?);
    let program = Arc::new(Program::new(dispatcher, program_runtime.clone()));
    // Dropped with this future: the endpoint stops then.
    let (told, told_to_stop) = watch::channel(false);
    let endpoint = Endpoint {
        prefix: settings.prefix().map_err(ServeError::start)?,
        settings,
        ready,
        doors,
        program,
        program_runtime,
        max_message_len,
        stop,
        told_to_stop,
    };
    let (done, ended) = oneshot::channel();
    std::thread::Builder::new()
        .name("centrifugo-endpoint".into())
        .spawn(move || {
            let _ = done.send(endpoint.run());
        })
        .map_err(|error| ServeError::start(format!("the endpoint's thread does not start: {error}")))?;
    let mut ended = pin!(ended);
    let shutdown = shutdown.unwrap_or_else(|| Box::pin(std::future::pending()));
    let result = tokio::select! {
        result = &mut ended => result,
        () = shutdown => {
            told.send_replace(true);
            ended.await
        }
    };
    result.unwrap_or_else(|_| Err(ServeError::endpoint("it ended without a result")))
}

/// All that the I/O threads need.
struct Endpoint {
    settings: Settings,
    prefix: String,
    ready: Ready,
    doors: (Option<Door>, Option<Door>),
    program: Arc<Program>,
    program_runtime: Handle,
    max_message_len: usize,
    stop: watch::Sender<bool>,
    told_to_stop: watch::Receiver<bool>,
}

impl Endpoint {
    fn run(self) -> Result<(), ServeError> {
        // One of them is always free of handlers.
        let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .thread_name("centrifugo-io")
            .enable_all()
            .build()
            .map_err(|error| ServeError::start(format!("the I/O runtime does not start: {error}")))?;
        let io = IoRuntime {
            handle: runtime.handle().clone(),
            threads,
        };
        let result = runtime.block_on(self.serve(io));
        // A handler that blocks one of its threads must not hold up the end.
        runtime.shutdown_background();
        result
    }

    async fn serve(mut self, io: IoRuntime) -> Result<(), ServeError> {
        let mut signals = Signals::new()?;
        let dispatcher = self.program.dispatcher.clone();
        let executor = Arc::new(Executor::new(
            dispatcher,
            self.settings.limits,
            self.program_runtime.clone(),
            Some(io),
        ));
        let shared = Shared {
            executor: executor.clone(),
            secrets: self.settings.secrets.clone(),
            max_message_len: self.max_message_len,
        };
        let (grpc, http) = self.listen()?;
        let health = Health::new();
        let (grpc, http) = (shared.grpc(grpc, &health), shared.http(http, &self.prefix));
        let mut doors = pin!(async { tokio::join!(grpc, http) });
        tokio::select! {
            _ = &mut doors => return Err(ServeError::endpoint("it stopped listening")),
            () = signals.any() => tracing::debug!(target: "centrifugo", "told to stop by a signal"),
            _ = self.told_to_stop.wait_for(|told| *told) => tracing::debug!(target: "centrifugo", "told to stop"),
        }
        let end = Instant::now() + STOP_LIMIT;
        health.stop();
        self.stop.send_replace(true);
        executor.stop();
        let drained = timeout(DRAIN_LIMIT, doors).await.is_ok();
        let unanswered = executor.active();
        executor.give_up().await;
        let left = end.saturating_duration_since(Instant::now());
        self.program.finish_within(left, executor.running()).await;
        if !drained && unanswered > 0 {
            return Err(ServeError::endpoint(format!(
                "{unanswered} events did not end in time: they were answered without their handlers"
            )));
        }
        Ok(())
    }

    /// Accepts connections from now on, and says so.
    fn listen(&mut self) -> Result<(Option<OpenDoor>, Option<OpenDoor>), ServeError> {
        let (grpc, http) = (self.doors.0.take(), self.doors.1.take());
        let address = |door: &Option<Door>| door.as_ref().and_then(|door| door.local_addr().ok());
        let addresses = (address(&grpc), address(&http));
        let listen = |door: Door| {
            let address = door.local_addr();
            door.listen()
                .map_err(|error| ServeError::start(format!("{address:?} can't be listened on: {error}")))
        };
        let opened = (grpc.map(listen).transpose()?, http.map(listen).transpose()?);
        Notice {
            grpc: addresses.0,
            http: addresses.1,
            prefix: &self.prefix,
            secrets: &self.settings.secrets,
            tls: self.ready.tls.is_some(),
            mutual: self.ready.tls.as_ref().is_some_and(|tls| tls.mutual),
            routes: self.program.dispatcher.routes(),
        }
        .print();
        Ok(opened)
    }
}

/// Binds the addresses before anything else is built, so that a port that is taken is reported at once.
fn bind(
    ready: &Ready,
    stopped: &watch::Receiver<bool>,
    limit: &ConnectionLimit,
) -> Result<(Option<Door>, Option<Door>), ServeError> {
    let bind = |addresses: &Option<Vec<_>>, protocols: &[&str], http2_only| match addresses {
        None => Ok(None),
        Some(addresses) => {
            let settings = DoorSettings {
                tls: ready.tls.as_ref().map(|tls| tls.acceptor(protocols)),
                stop: stopped.clone(),
                http2_only,
                limit: limit.clone(),
            };
            Door::bind(addresses, settings)
                .map(Some)
                .map_err(|error| ServeError::start(format!("{addresses:?} can't be listened on: {error}")))
        }
    };
    let grpc = bind(&ready.grpc, &["h2"], true)?;
    let http = bind(&ready.http, &["h2", "http/1.1"], false)?;
    Ok((grpc, http))
}

struct Shared {
    executor: Arc<Executor>,
    secrets: Secrets,
    max_message_len: usize,
}

impl Shared {
    #[cfg(feature = "grpc")]
    fn grpc(&self, door: Option<OpenDoor>, health: &Health) -> impl Future<Output = ()> + use<> {
        use crate::endpoint::grpc;
        let service = grpc::Service::new(self.executor.clone(), self.secrets.clone(), self.max_message_len);
        let service = grpc::WithHealth::new(service, health.service());
        let batches = self.executor.batches().clone();
        async move {
            if let Some(door) = door {
                door.serve(service, &batches).await;
            }
        }
    }

    #[cfg(not(feature = "grpc"))]
    fn grpc(&self, _: Option<OpenDoor>, _: &Health) -> impl Future<Output = ()> + use<> {
        std::future::ready(())
    }

    #[cfg(feature = "http")]
    fn http(&self, door: Option<OpenDoor>, prefix: &str) -> impl Future<Output = ()> + use<> {
        use crate::endpoint::http;
        let endpoint = http::Endpoint::new(self.executor.clone(), self.secrets.clone(), self.max_message_len);
        let service = http::HttpService::new(endpoint, prefix);
        let batches = self.executor.batches().clone();
        async move {
            if let Some(door) = door {
                door.serve(service, &batches).await;
            }
        }
    }

    #[cfg(not(feature = "http"))]
    fn http(&self, _: Option<OpenDoor>, _: &str) -> impl Future<Output = ()> + use<> {
        std::future::ready(())
    }
}

#[cfg(feature = "grpc")]
use crate::endpoint::grpc::Health;

/// Without gRPC there is no health service.
#[cfg(not(feature = "grpc"))]
struct Health;

#[cfg(not(feature = "grpc"))]
impl Health {
    fn new() -> Self {
        Self
    }
    fn stop(&self) {}
}

struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    hangup: Hangup,
}

impl Signals {
    fn new() -> Result<Self, ServeError> {
        let open = |kind| {
            signal(kind).map_err(|error| ServeError::start(format!("the signals can't be watched: {error}")))
        };
        Ok(Self {
            terminate: open(SignalKind::terminate())?,
            interrupt: open(SignalKind::interrupt())?,
            hangup: Hangup::new()
                .map_err(|error| ServeError::start(format!("the signals can't be watched: {error}")))?,
        })
    }

    async fn any(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            () = self.hangup.recv() => {}
        }
    }
}
