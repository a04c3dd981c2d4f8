//! A program that is ready to take events, and its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::dispatch::Dispatcher;
use crate::state::ShutdownDef;

/// How long all `#[shutdown]` functions may take together.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(6);
/// How long one that is past it has to let go.
const ABORT_LIMIT: Duration = Duration::from_millis(100);

pub(crate) struct Program {
    pub(crate) dispatcher: Arc<Dispatcher>,
    finished: AtomicBool,
}

impl Program {
    pub(crate) fn new(dispatcher: Arc<Dispatcher>) -> Self {
        Self {
            dispatcher,
            finished: AtomicBool::new(false),
        }
    }

    /// Runs the `#[shutdown]` functions, then drops the states in the reverse of their order. Once.
    pub(crate) async fn finish(&self) {
        self.finish_within(SHUTDOWN_LIMIT).await;
    }

    /// As [`Program::finish`], where less time is left.
    pub(crate) async fn finish_within(&self, limit: Duration) {
        if self.finished.swap(true, Ordering::SeqCst) {
            return;
        }
        let states = self.dispatcher.states();
        let mut defs: Vec<_> = inventory::iter::<ShutdownDef>.into_iter().collect();
        defs.sort_by_key(|def| (def.file, def.line));
        let end = Instant::now() + limit.min(SHUTDOWN_LIMIT);
        for def in defs {
            // On a task of its own, so that a panic ends it alone.
            let mut task = tokio::spawn((def.call)(states.clone()));
            match tokio::time::timeout_at(end, &mut task).await {
                Ok(Ok(Ok(()))) => {}
                Ok(Ok(Err(error))) => {
                    tracing::error!(target: "centrifugo", function = def.name, error, "a shutdown function failed");
                }
                Ok(Err(error)) => {
                    tracing::error!(target: "centrifugo", function = def.name, %error, "a shutdown function failed");
                }
                Err(_) => {
                    tracing::error!(target: "centrifugo", function = def.name, "a shutdown function did not end in time");
                    // It lets go of its states where it waits.
                    task.abort();
                    let _ = tokio::time::timeout(ABORT_LIMIT, task).await;
                }
            }
        }
        states.clear();
    }
}
