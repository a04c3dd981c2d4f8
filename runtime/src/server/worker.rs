//! Serves a RoadRunner worker: starts the worker loop, and shuts the program down afterwards.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use tokio::runtime::Handle;

use super::config::Config;
use super::handler_warnings::{self, Access};
use crate::logging::{FLUSH_LIMIT, flush, flush_at_end};
use crate::roadrunner_metrics;
use crate::startup::{Program, ServeError};
use crate::worker::{
    Exit, FdSource, Limits, Relay, Worker, WorkerState, start_watchdog, warn_of_undelivered, watch_signals,
};

/// How long RoadRunner takes at most to read what a worker has written to standard error.
const TIME_TO_READ: Duration = Duration::from_millis(200);

/// An open relay to RoadRunner. With pipes, standard input and output are already replaced.
pub(super) struct OpenRelay {
    source: FdSource,
    sink: File,
    /// Detects that RoadRunner has closed the relay.
    watched: OwnedFd,
}

impl OpenRelay {
    pub(super) fn open(relay: &Relay) -> Result<Self, ServeError> {
        let (source, sink, watched) = relay
            .open()
            .map_err(|error| ServeError::relay(format!("{relay:?} cannot be opened: {error}")))?;
        Ok(Self {
            source,
            sink,
            watched,
        })
    }
}

/// Under RoadRunner, logs why the worker cannot start, and gives RoadRunner time to read it. Call this while the relay is open.
///
/// RoadRunner ends with `WorkerAllocate: EOF` as soon as the relay of a starting worker is closed, so what `main` writes after
/// that is lost.
pub(super) fn report_failed_start(error: ServeError) -> ServeError {
    if std::env::var_os("RR_RELAY").is_none() {
        return error;
    }
    // Settings may be wrong, so this uses the default format.
    #[cfg(feature = "logging")]
    crate::logging::init(crate::logging::LogFormat::default(), None);
    tracing::error!(target: "centrifugo", "{error}");
    flush(FLUSH_LIMIT);
    std::thread::sleep(TIME_TO_READ);
    error
}

/// Runs the worker loop until RoadRunner or a signal stops it, and shuts the program down. Blocks the thread.
pub(super) fn serve(
    config: &Config,
    relay: OpenRelay,
    program: Arc<Program>,
    shutdown: Option<BoxFuture<'static, ()>>,
    runtime: &Handle,
) -> Result<(), ServeError> {
    let OpenRelay {
        source,
        sink,
        watched,
    } = relay;
    let dispatcher = program.dispatcher.clone();
    warn_of_undelivered(dispatcher.routes(), config.roadrunner_version.as_deref());
    handler_warnings::log(dispatcher.routes(), Access::RoadRunner);
    let state = Arc::new(WorkerState::new());
    let started = {
        let _entered = runtime.enter();
        watch_signals(state.clone(), program.clone(), shutdown)
            .and_then(|()| start_watchdog(state.clone(), dispatcher.clone(), watched))
    };
    started.map_err(|error| {
        ServeError::start(format!(
            "the watchdog and the signal handlers cannot be started: {error}"
        ))
    })?;
    let limits = Limits {
        max_frame_len: config.max_frame_len,
        max_events: config.max_events,
    };
    let result = Worker::new(source, sink, dispatcher, state.clone(), runtime.clone(), limits).run();
    match &result {
        Ok(Exit::Stop) => tracing::debug!(target: "centrifugo", "stop requested"),
        Ok(Exit::EndOfFile) => tracing::debug!(target: "centrifugo", "relay closed by RoadRunner"),
        Err(_) => {}
    }
    // From here on, neither the signal task nor the watchdog exits the process.
    state.mark_stopping();
    runtime.block_on(program.shut_down(state.exit_deadline.start(), 0));
    roadrunner_metrics::finish();
    state.exit_deadline.cancel();
    result.map(drop).map_err(ServeError::relay)
}

/// Runs the worker on a new thread, for a caller inside of a tokio runtime.
pub(super) async fn serve_on_thread(
    runtime: Handle,
    serve: impl FnOnce(&Handle) -> Result<(), ServeError> + Send + 'static,
) -> Result<(), ServeError> {
    let (sender, result) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("centrifugo-worker".into())
        .spawn(move || {
            let _ = sender.send(flush_at_end(serve(&runtime)));
        })
        .map_err(|error| ServeError::start(format!("the worker thread cannot be started: {error}")))?;
    result
        .await
        .unwrap_or_else(|_| Err(ServeError::relay("the worker loop ended without a result")))
}

#[cfg(not(feature = "_direct"))]
pub(super) fn not_started_by_roadrunner() -> ServeError {
    ServeError::start(
        "RR_RELAY is not set, so RoadRunner did not start this process; set `server.command` in .rr.yaml to this program, \
         add a `centrifuge` section, and run `rr serve`; or enable the feature `grpc` of `centrifugo` to serve without \
         RoadRunner",
    )
}
