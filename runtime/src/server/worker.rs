//! From the start to the end of a worker of RoadRunner.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use futures_core::future::BoxFuture;
use tokio::runtime::Handle;

use super::config::Config;
use crate::logging::flush_at_end;
use crate::startup::{Program, ServeError};
use crate::worker::{
    Exit, FdSource, Limits, Relay, Worker, WorkerState, start_watchdog, warn_of_undelivered, watch_signals,
};

/// RoadRunner's stream. Standard output and input are set aside when it is open.
pub(super) struct OpenRelay {
    source: FdSource,
    sink: File,
    /// Its end is watched.
    watched: OwnedFd,
}

impl OpenRelay {
    pub(super) fn open(relay: &Relay) -> Result<Self, ServeError> {
        let (source, sink, watched) = relay
            .open()
            .map_err(|error| ServeError::relay(format!("{relay:?} does not open: {error}")))?;
        Ok(Self {
            source,
            sink,
            watched,
        })
    }
}

/// Answers events until RoadRunner or a signal ends the worker. Blocks its thread.
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
    warn_of_undelivered(dispatcher.routes(), config.version.as_deref());
    let state = Arc::new(WorkerState::new());
    let started = {
        let _entered = runtime.enter();
        watch_signals(state.clone(), program.clone(), shutdown)
            .and_then(|()| start_watchdog(state.clone(), dispatcher.clone(), watched))
    };
    started.map_err(|error| {
        ServeError::start(format!("the signals and the stream can't be watched: {error}"))
    })?;
    let limits = Limits {
        max_frame_len: config.max_frame_len,
        max_events: config.max_events,
    };
    let ended = Worker::new(source, sink, dispatcher, state.clone(), runtime.clone(), limits).run();
    match &ended {
        Ok(Exit::Stop) => tracing::debug!(target: "centrifugo", "told to stop"),
        Ok(Exit::EndOfFile) => tracing::debug!(target: "centrifugo", "RoadRunner is gone"),
        Err(_) => {}
    }
    // From here on, neither a signal nor the watchdog ends the process.
    state.mark_stopping();
    runtime.block_on(program.finish_within(state.exit_deadline.start(), 0));
    state.exit_deadline.cancel();
    ended.map(drop).map_err(ServeError::relay)
}

/// Runs the worker on a thread of its own, for a caller that is inside of a runtime.
pub(super) async fn serve_on_thread(
    runtime: Handle,
    serve: impl FnOnce(&Handle) -> Result<(), ServeError> + Send + 'static,
) -> Result<(), ServeError> {
    let (done, result) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("centrifugo-worker".into())
        .spawn(move || {
            let _ = done.send(flush_at_end(serve(&runtime)));
        })
        .map_err(|error| ServeError::start(format!("the worker's thread does not start: {error}")))?;
    result
        .await
        .unwrap_or_else(|_| Err(ServeError::relay("the worker loop ended without a result")))
}

#[cfg(not(feature = "_direct"))]
pub(super) fn not_started_by_roadrunner() -> ServeError {
    ServeError::start(
        "RR_RELAY is not set, so RoadRunner did not start this process: name it as `server.command` in .rr.yaml, \
         with a `centrifuge` section beside it, and run `rr serve`; or build `centrifugo` with its feature `grpc`, \
         to serve Centrifugo without RoadRunner",
    )
}
