//! The end of a program that is mounted in a server of the user's own.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::endpoint::Executor;
use crate::logging::{FLUSH_LIMIT, flush};
use crate::startup::Program;

/// How long events in hand have after [`Mounting::stop`].
const DRAIN_LIMIT: Duration = Duration::from_secs(5);
/// How long the `#[shutdown]` functions and the drops of states have.
const FINISH_LIMIT: Duration = Duration::from_millis(2400);

#[derive(Clone)]
pub(super) struct Mounting {
    program: Arc<Program>,
    executor: Arc<Executor>,
}

impl Mounting {
    pub(super) fn new(program: Arc<Program>, executor: Arc<Executor>) -> Self {
        Self { program, executor }
    }

    /// Ends open streams at once, and after [`DRAIN_LIMIT`] the events that still wait.
    pub(super) fn stop(&self) {
        self.executor.stop();
        let executor = Arc::downgrade(&self.executor);
        self.program.runtime().spawn(async move {
            sleep(DRAIN_LIMIT).await;
            if let Some(executor) = executor.upgrade() {
                executor.give_up().await;
            }
        });
    }

    pub(super) async fn finish(&self) {
        self.executor.stop();
        if timeout(DRAIN_LIMIT, self.executor.drained()).await.is_err() {
            let unanswered = self.executor.active();
            tracing::error!(target: "centrifugo", unanswered, "events did not end in time; ending without their handlers");
        }
        self.executor.give_up().await;
        self.program
            .finish_within(FINISH_LIMIT, self.executor.running())
            .await;
        flush(FLUSH_LIMIT);
    }
}
