//! One run of user code, as the watchdog and the log see it.

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_task::Task;

use crate::event::{Kind, Request};
use crate::logging::clip;

/// Handlers that still hold a thread although their time limit has passed.
static BLOCKED: AtomicUsize = AtomicUsize::new(0);

/// How long a handler may take, and who says so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    pub(super) time: Duration,
    pub(super) owner: LimitOwner,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LimitOwner {
    /// The `timeout` of the handler's attribute, `Server::handler_timeout` or `WORKER_HANDLER_TIMEOUT`.
    Handler,
    /// The gRPC deadline of the call: Centrifugo's proxy `timeout`.
    Caller,
}

impl LimitOwner {
    fn text(self) -> &'static str {
        match self {
            Self::Handler => "the handler's limit (WORKER_HANDLER_TIMEOUT or `timeout`)",
            Self::Caller => "the caller's deadline (the `timeout` of Centrifugo's proxy)",
        }
    }
}

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    /// No thread has come to it.
    Queued,
    /// A thread runs its code.
    Running,
    /// It waits to be woken.
    Waiting,
}

/// What is known of one run of a handler, of a stream, or of the `#[invalid]` function.
pub(super) struct Job {
    pub(super) kind: Option<Kind>,
    pub(super) handler: &'static str,
    /// The handler's place in [`Dispatcher::routes`](crate::dispatch::Dispatcher::routes).
    pub(super) index: usize,
    limit: Limit,
    started: Instant,
    /// Whether the limit holds for each poll, as for streams, instead of for the whole.
    is_per_poll: bool,
    /// The request, which names the client.
    request: Request,
    phase: AtomicU8,
    task: Mutex<TaskSlot>,
}

/// The task that runs the job: its drop cancels it.
#[derive(Default)]
struct TaskSlot {
    task: Option<Task<(), Arc<Job>>>,
    is_abandoned: bool,
}

impl Job {
    pub(super) fn new(kind: Option<Kind>, handler: &'static str, limit: Limit) -> Self {
        Self {
            kind,
            handler,
            index: usize::MAX,
            limit,
            started: Instant::now(),
            is_per_poll: false,
            request: Request::default(),
            phase: AtomicU8::new(Phase::Queued as u8),
            task: Mutex::default(),
        }
    }

    /// Its place among the handlers, and the request that it answers.
    pub(super) fn answers(mut self, index: usize, request: Request) -> Self {
        self.index = index;
        self.request = request;
        self
    }

    #[cfg(feature = "grpc")]
    pub(super) fn per_poll(mut self) -> Self {
        self.is_per_poll = true;
        self
    }

    pub(super) fn limit(&self) -> Duration {
        self.limit.time
    }

    /// When the event is answered in any case.
    pub(super) fn deadline(&self) -> Instant {
        deadline(self.started, self.limit.time)
    }

    /// When a poll that began then has blocked its thread for too long.
    pub(super) fn poll_deadline(&self, begun: Instant) -> Instant {
        if self.is_per_poll {
            deadline(begun, self.limit.time)
        } else {
            self.deadline()
        }
    }

    pub(super) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) {
            0 => Phase::Queued,
            1 => Phase::Running,
            _ => Phase::Waiting,
        }
    }

    pub(super) fn set_phase(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Release);
    }

    fn slot(&self) -> MutexGuard<'_, TaskSlot> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the task until [`Self::abandon`]; cancels it when that has happened already.
    pub(super) fn hold(&self, task: Task<(), Arc<Self>>) {
        let cancelled = {
            let mut slot = self.slot();
            if slot.is_abandoned {
                Some(task)
            } else {
                slot.task.replace(task)
            }
        };
        drop(cancelled);
    }

    /// Nobody waits for the result any more: the future is dropped, on a thread of handlers, as soon as none runs it.
    pub(super) fn abandon(&self) {
        let task = {
            let mut slot = self.slot();
            slot.is_abandoned = true;
            slot.task.take()
        };
        drop(task);
    }

    fn client(&self) -> Option<String> {
        let kind = self.kind?;
        let fields = self.request.fields(kind).ok()?;
        let client = self.request.client(&fields, kind);
        (!client.is_empty()).then(|| clip(client).to_string())
    }

    fn kind_text(&self) -> &'static str {
        self.kind.map_or("none", Kind::name)
    }

    /// Logs that the limit passed while the handler was waiting.
    pub(super) fn log_timeout(&self) {
        tracing::error!(
            target: "centrifugo", kind = self.kind_text(), handler = self.handler, client = self.client(),
            limit = ?self.limit.time, limit_of = self.limit.owner.text(), "handler timed out"
        );
    }

    /// Counts and logs that the limit passed while the handler held a thread.
    pub(super) fn log_blocked(&self, ran: Duration) {
        let count = BLOCKED.fetch_add(1, Ordering::Relaxed) + 1;
        tracing::error!(
            target: "centrifugo", kind = self.kind_text(), handler = self.handler, client = self.client(),
            limit = ?self.limit.time, limit_of = self.limit.owner.text(), elapsed = ?ran, count,
            "handler blocks its thread past its time limit"
        );
    }

    /// Logs the end of what [`Self::log_blocked`] reported.
    pub(super) fn log_blocked_end(&self, ran: Duration) {
        let count = BLOCKED.fetch_sub(1, Ordering::Relaxed) - 1;
        tracing::warn!(
            target: "centrifugo", kind = self.kind_text(), handler = self.handler, elapsed = ?ran, count,
            "blocking handler ended"
        );
    }
}

fn deadline(from: Instant, limit: Duration) -> Instant {
    /// What a limit that no clock can hold comes to: a year.
    const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 3600);
    from.checked_add(limit).unwrap_or_else(|| from + FOR_EVER)
}
