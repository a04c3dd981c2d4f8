//! From the start to the end of a program that is the proxy endpoint itself.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;

use super::accept::{Door, DoorSettings, OpenDoor};
use super::connection_limit::ConnectionLimit;
use super::notice::Notice;
use super::settings::{Ready, Settings};
use super::{Front, Secrets};
use crate::dispatch::Builder;
use crate::program::Program;
use crate::serve_error::ServeError;
use crate::state::BoxFuture;

/// How long a stop may take in all, as under RoadRunner.
const STOP_LIMIT: Duration = Duration::from_millis(7500);
/// How much of it the events in hand have; the rest is for `#[shutdown]`.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);

/// Serves until a signal or `shutdown` ends it.
pub(crate) async fn run(
    settings: Settings,
    builder: Builder,
    max_message_len: usize,
    shutdown: Option<BoxFuture<()>>,
) -> Result<(), ServeError> {
    let ready = settings.check().await.map_err(ServeError::texts)?;
    let (stop, stopped) = watch::channel(false);
    let limit = ConnectionLimit::new(settings.max_connections);
    let (grpc, http) = bind(&ready, &stopped, &limit)?;
    let program = Arc::new(Program::new(Arc::new(builder.build().await?)));
    let mut signals = Signals::new()?;
    let shared = Shared {
        front: Arc::new(Front::new(program.dispatcher.clone(), settings.concurrency)),
        secrets: settings.secrets.clone(),
        max_message_len,
    };
    let prefix = settings.prefix().map_err(ServeError::start)?;
    let addresses = [&grpc, &http].map(|door| door.as_ref().and_then(|door| door.local_addr().ok()));
    let listen = |door: Door| {
        let address = door.local_addr();
        door.listen()
            .map_err(|error| ServeError::start(format!("{address:?} can't be listened on: {error}")))
    };
    let (grpc, http) = (grpc.map(listen).transpose()?, http.map(listen).transpose()?);
    Notice {
        grpc: addresses[0],
        http: addresses[1],
        prefix: &prefix,
        secrets: &settings.secrets,
        tls: ready.tls.is_some(),
        mutual: ready.tls.as_ref().is_some_and(|tls| tls.mutual),
        routes: program.dispatcher.routes(),
    }
    .print();

    let health = Health::new();
    let (grpc, http) = (shared.grpc(grpc, &health), shared.http(http, &prefix));
    let mut doors = pin!(async { tokio::join!(grpc, http) });
    tokio::select! {
        _ = &mut doors => return Err(ServeError::endpoint("it stopped listening")),
        () = signals.any() => tracing::debug!(target: "centrifugo", "told to stop by a signal"),
        () = shutdown.unwrap_or_else(|| Box::pin(std::future::pending())) => tracing::debug!(target: "centrifugo", "told to stop"),
    }
    let end = Instant::now() + STOP_LIMIT;
    health.stop();
    stop.send_replace(true);
    shared.front.stop();
    let drained = timeout(DRAIN_LIMIT, doors).await.is_ok();
    let unanswered = shared.front.active();
    program
        .finish_within(end.saturating_duration_since(Instant::now()))
        .await;
    if !drained && unanswered > 0 {
        return Err(ServeError::endpoint(format!(
            "{unanswered} events did not end in time: the program ends without their answers"
        )));
    }
    Ok(())
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
    front: Arc<Front>,
    secrets: Secrets,
    max_message_len: usize,
}

impl Shared {
    #[cfg(feature = "grpc")]
    fn grpc(&self, door: Option<OpenDoor>, health: &Health) -> impl Future<Output = ()> + use<> {
        use crate::transport::grpc;
        let service = grpc::Service::new(self.front.clone(), self.secrets.clone(), self.max_message_len);
        let service = grpc::WithHealth::new(service, health.service());
        let batches = self.front.batches.clone();
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
        use crate::transport::http;
        let router = http::HttpService::new(http::router(
            self.front.clone(),
            self.secrets.clone(),
            self.max_message_len,
            prefix,
        ));
        let batches = self.front.batches.clone();
        async move {
            if let Some(door) = door {
                door.serve(router, &batches).await;
            }
        }
    }

    #[cfg(not(feature = "http"))]
    fn http(&self, _: Option<OpenDoor>, _: &str) -> impl Future<Output = ()> + use<> {
        std::future::ready(())
    }
}

#[cfg(feature = "grpc")]
use crate::transport::grpc::Health;

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
}

impl Signals {
    fn new() -> Result<Self, ServeError> {
        let open = |kind| {
            signal(kind).map_err(|error| ServeError::start(format!("the signals can't be watched: {error}")))
        };
        Ok(Self {
            terminate: open(SignalKind::terminate())?,
            interrupt: open(SignalKind::interrupt())?,
        })
    }

    async fn any(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
