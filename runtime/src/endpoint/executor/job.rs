//! One run of the program's code: its time limit, its phase, its span and its log lines.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use async_task::Task;
use tracing::Span;
use tracing::field::DisplayValue;

use crate::dispatch::{HasSpan, TimeLimit};
use crate::event::{Kind, Request};
use crate::logging::personal_id;
use crate::metrics::{handler_blocked, handler_unblocked};

/// The number of handlers that block a thread past their time limit.
static BLOCKED: AtomicUsize = AtomicUsize::new(0);

/// The phase of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    /// No thread has polled it yet.
    Queued,
    /// A thread polls it.
    Running,
    /// It waits for a wake.
    Pending,
}

/// One run of a handler, of a stream's publications, or of the `#[invalid]` function.
pub(super) struct Job {
    pub(super) kind: Option<Kind>,
    pub(super) handler: &'static str,
    /// The handler's index in [`Dispatcher::routes`](crate::dispatch::Dispatcher::routes), or `usize::MAX`.
    pub(super) route_index: usize,
    limit: TimeLimit,
    started: Instant,
    /// Whether the limit applies to each poll, as for a stream, and not to the whole run.
    is_per_poll: bool,
    /// The request, which contains the client ID.
    request: Request,
    /// The span of the event, which each poll enters.
    span: Span,
    phase: AtomicU8,
    task: Mutex<TaskSlot>,
}

/// The task of a job, whose future owns the job. A waker keeps the metadata of its task, and must not keep the span open.
pub(super) type JobTask = Task<(), Weak<Job>>;

/// The task that runs the job. Dropping the task cancels it.
#[derive(Default)]
struct TaskSlot {
    task: Option<JobTask>,
    is_cancelled: bool,
}

impl Job {
    /// The time limit begins at `started`.
    pub(super) fn new(kind: Option<Kind>, handler: &'static str, limit: TimeLimit, started: Instant) -> Self {
        Self {
            kind,
            handler,
            route_index: usize::MAX,
            limit,
            started,
            is_per_poll: false,
            request: Request::default(),
            span: Span::none(),
            phase: AtomicU8::new(Phase::Queued as u8),
            task: Mutex::default(),
        }
    }

    /// Sets the handler's route index, the request and the span.
    pub(super) fn for_event(mut self, route_index: usize, request: Request, span: Span) -> Self {
        self.route_index = route_index;
        self.request = request;
        self.span = span;
        self
    }

    /// Applies the time limit to each poll.
    #[cfg(feature = "grpc")]
    pub(super) fn with_limit_per_poll(mut self) -> Self {
        self.is_per_poll = true;
        self
    }

    pub(super) fn limit(&self) -> TimeLimit {
        self.limit
    }

    /// Returns the time at which the event is answered at the latest.
    pub(super) fn deadline(&self) -> Instant {
        deadline(self.started, self.limit.duration)
    }

    /// Returns the time at which a poll that started at `started` exceeds the limit.
    pub(super) fn poll_deadline(&self, started: Instant) -> Instant {
        if self.is_per_poll {
            deadline(started, self.limit.duration)
        } else {
            self.deadline()
        }
    }

    pub(super) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) {
            0 => Phase::Queued,
            1 => Phase::Running,
            _ => Phase::Pending,
        }
    }

    pub(super) fn set_phase(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Release);
    }

    /// Enters the span on this thread. A panic of the program's subscriber is caught.
    ///
    /// The guard of `Span::enter` would borrow the job, which moves to the status of the thread.
    pub(super) fn enter_span(&self) {
        let _ = catch_unwind(AssertUnwindSafe(|| {
            self.span.with_subscriber(|(id, subscriber)| subscriber.enter(id))
        }));
    }

    /// Exits the span on this thread.
    pub(super) fn exit_span(&self) {
        let _ = catch_unwind(AssertUnwindSafe(|| {
            self.span.with_subscriber(|(id, subscriber)| subscriber.exit(id))
        }));
    }

    fn slot(&self) -> MutexGuard<'_, TaskSlot> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the task that runs the job, or cancels it if the job is already cancelled.
    pub(super) fn set_task(&self, task: JobTask) {
        let cancelled = {
            let mut slot = self.slot();
            if slot.is_cancelled {
                Some(task)
            } else {
                slot.task.replace(task)
            }
        };
        drop(cancelled);
    }

    /// Cancels the job. A handler thread drops the future, after the current poll if there is one.
    pub(super) fn cancel(&self) {
        let task = {
            let mut slot = self.slot();
            slot.is_cancelled = true;
            slot.task.take()
        };
        drop(task);
    }

    fn client(&self) -> Option<DisplayValue<String>> {
        let kind = self.kind?;
        let fields = self.request.fields(kind).ok()?;
        let client = self.request.client(&fields, kind);
        (!client.is_empty()).then(|| tracing::field::display(personal_id(client).to_string()))
    }

    fn kind_text(&self) -> &'static str {
        self.kind.map_or("none", Kind::name)
    }

    /// Logs that the handler was pending at its time limit.
    pub(super) fn log_timeout(&self) {
        tracing::error!(
            target: "centrifugo", kind = self.kind_text(), handler = self.handler, client = self.client(),
            limit = ?self.limit.duration, limit_source = %self.limit.source, "handler timed out"
        );
    }

    /// Counts and logs that the handler blocks its thread past its time limit.
    pub(super) fn log_blocked(&self, elapsed: Duration) {
        handler_blocked(self.handler);
        let count = BLOCKED.fetch_add(1, Ordering::Relaxed) + 1;
        tracing::error!(
            target: "centrifugo", kind = self.kind_text(), handler = self.handler, client = self.client(),
            limit = ?self.limit.duration, limit_source = %self.limit.source, ?elapsed, count,
            "handler blocks its thread past its time limit; declare it `blocking`, or block in `tokio::task::spawn_blocking`"
        );
    }

    /// Counts and logs the end of a poll that [`Self::log_blocked`] reported.
    pub(super) fn log_blocked_end(&self, elapsed: Duration) {
        handler_unblocked(self.handler);
        let count = BLOCKED.fetch_sub(1, Ordering::Relaxed) - 1;
        tracing::warn!(
            target: "centrifugo", kind = self.kind_text(), handler = self.handler, ?elapsed, count,
            "blocking handler ended"
        );
    }
}

impl HasSpan for Arc<Job> {
    fn span(&self) -> &Span {
        &self.span
    }
}

fn deadline(from: Instant, limit: Duration) -> Instant {
    /// Replaces a time limit that `Instant` cannot represent.
    const ONE_YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
    from.checked_add(limit).unwrap_or_else(|| from + ONE_YEAR)
}
