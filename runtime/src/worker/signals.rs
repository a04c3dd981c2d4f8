//! SIGTERM, SIGINT, SIGHUP, and the future that `Server::shutdown` was given.
//!
//! A signal can't wake a reader that blocks without unsafe code or a system call per event: an idle worker is ended here,
//! one with an event in hand ends itself after its answer.

use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use tokio::signal::unix::{SignalKind, signal};

use super::control::{Activity, Control};
use crate::logging::{FLUSH_LIMIT, flush};
use crate::startup::{Hangup, Program};

/// How long the event in hand has after a signal.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);

/// Starts the task.
pub(crate) fn watch_signals(
    control: Arc<Control>,
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
        let left = control.last.begin();
        if control.request_stop() {
            program.finish_within(left, 0).await;
            flush(FLUSH_LIMIT);
            std::process::exit(0);
        }
        tokio::time::sleep(DRAIN_LIMIT).await;
        if control.activity() == Activity::Stopping {
            return;
        }
        tracing::error!(target: "centrifugo", "the event in hand did not end in time: the worker ends without its answer");
        program.finish_within(control.last.begin(), 0).await;
        flush(FLUSH_LIMIT);
        std::process::exit(1);
    });
    Ok(())
}
