//! Serves the proxy endpoint: starts it, waits for a stop, and shuts it down gracefully.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_core::future::BoxFuture;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{oneshot, watch};
use tokio::time::timeout;

use super::banner;
use super::handler_warnings::{self, Access};
use super::served_program::ServedProgram;
use crate::endpoint::{
    BoundListener, ConnectionLimit, Executor, IoRuntime, Listener, ListenerSettings, MetricsServer,
    ResolvedSettings, RunningMetricsServer, Secrets, Settings,
};
use crate::startup::{Hangup, Program, ServeError, linked_channel_types};

/// How long a shutdown may take in all, as under RoadRunner.
const STOP_LIMIT: Duration = Duration::from_millis(7500);
/// The part of [`STOP_LIMIT`] for active events. The rest is for `#[shutdown]` functions.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);

/// Serves until a signal arrives or `shutdown` completes. Awaits `program` after the addresses are bound.
///
/// States and tasks of the program run on the caller's runtime. Connections, timers and signals run on an I/O runtime, which
/// runs no code of the program except short handlers.
pub(super) async fn serve(
    settings: Settings,
    program: impl Future<Output = Result<Arc<Program>, ServeError>>,
    max_message_len: usize,
    shutdown: Option<BoxFuture<'static, ()>>,
) -> Result<(), ServeError> {
    let resolved = settings.resolve().await.map_err(ServeError::texts)?;
    let (stop, stopped) = watch::channel(false);
    let limit = ConnectionLimit::new(settings.max_connections);
    let listeners = bind(&resolved, &stopped, &limit)?;
    // Before the states are built, so that their metrics are recorded and probes are answered.
    let metrics_server = start_metrics_server(&resolved)?;
    let program = program.await?;
    // Dropping this future drops the sender, which stops the endpoint.
    let (request_stop, stop_requested) = watch::channel(false);
    let endpoint = Endpoint {
        prefix: settings.prefix().map_err(ServeError::start)?,
        settings,
        resolved,
        listeners,
        metrics_server,
        program,
        max_message_len,
        stop,
        stop_requested,
    };
    let (sender, result) = oneshot::channel();
    std::thread::Builder::new()
        .name("centrifugo-endpoint".into())
        .spawn(move || {
            let _ = sender.send(endpoint.run());
        })
        .map_err(|error| {
            ServeError::start(format!("the thread of the endpoint cannot be started: {error}"))
        })?;
    let mut result = pin!(result);
    let shutdown = shutdown.unwrap_or_else(|| Box::pin(std::future::pending()));
    let result = tokio::select! {
        result = &mut result => result,
        () = shutdown => {
            request_stop.send_replace(true);
            result.await
        }
    };
    result.unwrap_or_else(|_| Err(ServeError::endpoint("its thread ended without a result")))
}

/// The endpoint, before its I/O runtime is started.
struct Endpoint {
    settings: Settings,
    prefix: String,
    resolved: ResolvedSettings,
    /// The listeners for gRPC and HTTP.
    listeners: (Option<BoundListener>, Option<BoundListener>),
    metrics_server: Option<RunningMetricsServer>,
    program: Arc<Program>,
    max_message_len: usize,
    /// Tells listeners and connections to stop.
    stop: watch::Sender<bool>,
    stop_requested: watch::Receiver<bool>,
}

impl Endpoint {
    fn run(self) -> Result<(), ServeError> {
        // At least two, since one of them never runs handlers.
        let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .thread_name("centrifugo-io")
            .enable_all()
            .build()
            .map_err(|error| ServeError::start(format!("the I/O runtime cannot be started: {error}")))?;
        let io = IoRuntime {
            handle: runtime.handle().clone(),
            threads,
        };
        let result = runtime.block_on(self.serve(io));
        // Without waiting for its threads, since a handler may block one of them.
        runtime.shutdown_background();
        result
    }

    async fn serve(mut self, io: IoRuntime) -> Result<(), ServeError> {
        let mut signals = Signals::new()?;
        let dispatcher = self.program.dispatcher.clone();
        let executor = Arc::new(Executor::new(
            dispatcher,
            self.settings.limits,
            self.program.runtime().clone(),
            Some(io),
        ));
        let shared = Shared {
            executor: executor.clone(),
            secrets: self.settings.secrets.clone(),
            max_message_len: self.max_message_len,
        };
        let (grpc, http) = self.listen()?;
        self.set_ready(true);
        let health = Health::new();
        let (grpc, http) = (shared.grpc(grpc, &health), shared.http(http, &self.prefix));
        let mut listeners = pin!(async { tokio::join!(grpc, http) });
        tokio::select! {
            _ = &mut listeners => return Err(ServeError::endpoint("the listeners ended")),
            () = signals.recv() => tracing::debug!(target: "centrifugo", "stop requested by a signal"),
            _ = self.stop_requested.wait_for(|stop| *stop) => tracing::debug!(target: "centrifugo", "stop requested"),
        }
        let deadline = Instant::now() + STOP_LIMIT;
        health.stop();
        self.set_ready(false);
        self.stop.send_replace(true);
        executor.stop();
        let is_drained = timeout(DRAIN_LIMIT, listeners).await.is_ok();
        let unanswered = executor.active_events();
        executor.abort_events().await;
        let left = deadline.saturating_duration_since(Instant::now());
        self.program.shut_down(left, executor.running_handlers()).await;
        if !is_drained && unanswered > 0 {
            return Err(ServeError::endpoint(format!(
                "{unanswered} events did not end in time and were answered with an error"
            )));
        }
        Ok(())
    }

    /// Sets the answer to HTTP probes of readiness.
    fn set_ready(&self, is_ready: bool) {
        if let Some(server) = &self.metrics_server {
            server.set_ready(is_ready);
        }
    }

    /// Starts to accept connections, and prints the banner.
    fn listen(&mut self) -> Result<(Option<Listener>, Option<Listener>), ServeError> {
        let (grpc, http) = (self.listeners.0.take(), self.listeners.1.take());
        let address = |listener: &Option<BoundListener>| {
            listener.as_ref().and_then(|listener| listener.local_addr().ok())
        };
        let addresses = (address(&grpc), address(&http));
        let listen = |listener: BoundListener| {
            let address = listener.local_addr();
            listener
                .listen()
                .map_err(|error| ServeError::start(format!("{address:?} can't be listened on: {error}")))
        };
        let listeners = (grpc.map(listen).transpose()?, http.map(listen).transpose()?);
        let routes = self.program.dispatcher.routes();
        let access = match addresses.0 {
            Some(_) => Access::Grpc,
            None => Access::Http,
        };
        handler_warnings::log(routes, access);
        let program = ServedProgram {
            grpc: addresses.0.map(|address| address.to_string()),
            http: addresses.1.map(|address| address.to_string()),
            prefix: self.prefix.clone(),
            secret_keys: self.settings.secrets.keys().collect(),
            has_tls: self.resolved.tls.is_some(),
            has_mutual_tls: self.resolved.tls.as_ref().is_some_and(|tls| tls.mutual),
            api_url: self.settings.api_url.as_deref(),
            routes,
            channel_types: linked_channel_types(),
        };
        if !self.settings.hides_banner {
            banner::print(&program);
        }
        Ok(listeners)
    }
}

/// Starts the server of metrics and probes, if it is set.
fn start_metrics_server(resolved: &ResolvedSettings) -> Result<Option<RunningMetricsServer>, ServeError> {
    let Some(addresses) = &resolved.metrics else {
        return Ok(None);
    };
    let server = MetricsServer::bind(addresses).map_err(ServeError::start)?;
    let running = server
        .start()
        .map_err(|error| ServeError::start(format!("the metrics server can't be started: {error}")))?;
    Ok(Some(running))
}

/// Binds the addresses before the states are built, so that a port that is in use is reported at once.
fn bind(
    resolved: &ResolvedSettings,
    stopped: &watch::Receiver<bool>,
    limit: &ConnectionLimit,
) -> Result<(Option<BoundListener>, Option<BoundListener>), ServeError> {
    let bind = |addresses: &Option<Vec<_>>, protocols: &[&str], http2_only| match addresses {
        None => Ok(None),
        Some(addresses) => {
            let settings = ListenerSettings {
                tls: resolved.tls.as_ref().map(|tls| tls.acceptor(protocols)),
                stop: stopped.clone(),
                http2_only,
                limit: limit.clone(),
            };
            BoundListener::bind(addresses, settings)
                .map(Some)
                .map_err(|error| ServeError::start(format!("{addresses:?} can't be listened on: {error}")))
        }
    };
    let grpc = bind(&resolved.grpc, &["h2"], true)?;
    let http = bind(&resolved.http, &["h2", "http/1.1"], false)?;
    Ok((grpc, http))
}

/// What the services of both protocols need.
struct Shared {
    executor: Arc<Executor>,
    secrets: Secrets,
    max_message_len: usize,
}

impl Shared {
    #[cfg(feature = "grpc")]
    fn grpc(&self, listener: Option<Listener>, health: &Health) -> impl Future<Output = ()> + use<> {
        use crate::endpoint::grpc;
        let service = grpc::Service::new(self.executor.clone(), self.secrets.clone(), self.max_message_len);
        let service = grpc::WithHealth::new(service, health.service());
        let call_batcher = self.executor.call_batcher().clone();
        async move {
            if let Some(listener) = listener {
                listener.serve(service, &call_batcher).await;
            }
        }
    }

    #[cfg(not(feature = "grpc"))]
    fn grpc(&self, _: Option<Listener>, _: &Health) -> impl Future<Output = ()> + use<> {
        std::future::ready(())
    }

    #[cfg(feature = "http")]
    fn http(&self, listener: Option<Listener>, prefix: &str) -> impl Future<Output = ()> + use<> {
        use crate::endpoint::http;
        let endpoint = http::Endpoint::new(self.executor.clone(), self.secrets.clone(), self.max_message_len);
        let service = http::HttpService::new(endpoint, prefix);
        let call_batcher = self.executor.call_batcher().clone();
        async move {
            if let Some(listener) = listener {
                listener.serve(service, &call_batcher).await;
            }
        }
    }

    #[cfg(not(feature = "http"))]
    fn http(&self, _: Option<Listener>, _: &str) -> impl Future<Output = ()> + use<> {
        std::future::ready(())
    }
}

#[cfg(feature = "grpc")]
use crate::endpoint::grpc::Health;

/// Takes the place of the health service if the feature `grpc` is off.
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
            signal(kind).map_err(|error| {
                ServeError::start(format!("the signal handlers cannot be installed: {error}"))
            })
        };
        Ok(Self {
            terminate: open(SignalKind::terminate())?,
            interrupt: open(SignalKind::interrupt())?,
            hangup: Hangup::new().map_err(|error| {
                ServeError::start(format!("the signal handlers cannot be installed: {error}"))
            })?,
        })
    }

    /// Waits for any of the signals.
    async fn recv(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            () = self.hangup.recv() => {}
        }
    }
}
