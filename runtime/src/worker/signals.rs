//! Stops the worker on SIGTERM, SIGINT, SIGHUP, or when the future of `Server::shutdown` completes.
//!
//! The worker loop blocks in `read`. A signal could interrupt that only with unsafe code or with one more system call for
//! each event. The signal task therefore exits the process itself if the worker is idle. A worker that handles an event
//! stops after its response.

use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use tokio::signal::unix::{SignalKind, signal};

use super::worker_state::{Activity, WorkerState};
use crate::logging::{FLUSH_LIMIT, flush};
use crate::roadrunner_metrics;
use crate::startup::{Hangup, Program};

/// How long the current event may take after a signal.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);

/// Spawns the signal task.
pub(crate) fn watch_signals(
    state: Arc<WorkerState>,
    program: Arc<Program>,
    shutdown: Option<BoxFuture<'static, ()>>,
) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = Hangup::new()?;
    let shutdown = shutdown.unwrap_or_else(|| Box::pin(std::future::pending()));
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = hangup.recv() => {}
            () = shutdown => {}
        }
        let left = state.exit_deadline.start();
        if state.request_stop() {
            program.shut_down(left, 0).await;
            roadrunner_metrics::finish();
            flush(FLUSH_LIMIT);
            std::process::exit(0);
        }
        tokio::time::sleep(DRAIN_LIMIT).await;
        if state.activity() == Activity::Stopping {
            return;
        }
        tracing::error!(target: "centrifugo", limit = ?DRAIN_LIMIT, "event not answered during shutdown; exiting");
        program.shut_down(state.exit_deadline.start(), 0).await;
        roadrunner_metrics::finish();
        flush(FLUSH_LIMIT);
        std::process::exit(1);
    });
    Ok(())
}
