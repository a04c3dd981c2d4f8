//! What a thread that runs handlers is doing: which span it is inside of, and what the watchdog sees.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_core::future::BoxFuture;

use super::job::{Job, Phase};

/// A poll that takes longer than this blocks its thread: other handlers and I/O wait for it.
const BLOCKING_THRESHOLD: Duration = Duration::from_millis(10);

/// The I/O that waits while a handler runs on an I/O thread. If the handler blocks, the watchdog moves it to another thread.
pub(super) enum DeferredIo {
    /// A call of an HTTP/2 connection.
    Call(BoxFuture<'static, ()>),
    /// An HTTP/1 connection.
    Connection(BoxFuture<'static, ()>),
}

/// The status of one thread.
#[derive(Default)]
pub(super) struct ThreadStatus {
    /// Whether the thread may start to run a handler at any time.
    is_active: AtomicBool,
    is_io_thread: bool,
    current: Mutex<Option<RunningPoll>>,
}

/// The poll of a handler that the thread runs.
struct RunningPoll {
    job: Arc<Job>,
    started: Instant,
    deferred: Option<DeferredIo>,
    is_reported: bool,
}

/// A poll of a handler that has ended.
pub(super) struct EndedPoll {
    pub(super) job: Arc<Job>,
    /// `None` if the watchdog has moved the I/O to another thread.
    pub(super) deferred: Option<DeferredIo>,
    pub(super) elapsed: Duration,
}

/// What the watchdog finds out about a thread.
#[derive(Default)]
pub(super) struct Inspection {
    pub(super) is_blocked: bool,
    /// The I/O that waits for the blocked thread.
    pub(super) deferred: Option<DeferredIo>,
    /// A handler that blocks the thread past its time limit, and how long its poll has taken.
    pub(super) overdue: Option<(Arc<Job>, Duration)>,
}

impl ThreadStatus {
    pub(super) fn new(is_io_thread: bool) -> Self {
        Self {
            is_io_thread,
            ..Self::default()
        }
    }

    fn current(&self) -> MutexGuard<'_, Option<RunningPoll>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_io_thread(&self) -> bool {
        self.is_io_thread
    }

    pub(super) fn is_active(&self) -> bool {
        self.is_active.load(Ordering::Relaxed)
    }

    pub(super) fn set_active(&self, is_active: bool) {
        self.is_active.store(is_active, Ordering::Relaxed);
    }

    pub(super) fn is_running(&self) -> bool {
        self.current().is_some()
    }

    /// Records that this thread polls a handler, and enters its span.
    pub(super) fn begin_poll(&self, job: Arc<Job>, deferred: Option<DeferredIo>) {
        job.set_phase(Phase::Running);
        job.enter_span();
        *self.current() = Some(RunningPoll {
            job,
            started: Instant::now(),
            deferred,
            is_reported: false,
        });
    }

    /// Records the end of the poll, and exits the span. Returns `None` if no poll was recorded.
    pub(super) fn end_poll(&self) -> Option<EndedPoll> {
        let poll = self.current().take()?;
        poll.job.exit_span();
        poll.job.set_phase(Phase::Pending);
        let now = Instant::now();
        let elapsed = now - poll.started;
        // A short poll after the deadline, such as the drop of a cancelled future, is not reported.
        let is_late =
            !poll.is_reported && elapsed >= BLOCKING_THRESHOLD && now > poll.job.poll_deadline(poll.started);
        if is_late {
            poll.job.log_blocked(elapsed);
        }
        if is_late || poll.is_reported {
            poll.job.log_blocked_end(elapsed);
        }
        Some(EndedPoll {
            job: poll.job,
            deferred: poll.deferred,
            elapsed,
        })
    }

    /// Finds out whether a handler blocks this thread, and takes the I/O that waits for it.
    pub(super) fn inspect(&self, now: Instant) -> Inspection {
        let mut current = self.current();
        let Some(poll) = &mut *current else {
            return Inspection::default();
        };
        let elapsed = now.saturating_duration_since(poll.started);
        if elapsed < BLOCKING_THRESHOLD {
            return Inspection::default();
        }
        let is_overdue = !poll.is_reported && now >= poll.job.poll_deadline(poll.started);
        poll.is_reported |= is_overdue;
        Inspection {
            is_blocked: true,
            deferred: poll.deferred.take(),
            overdue: is_overdue.then(|| (poll.job.clone(), elapsed)),
        }
    }
}
