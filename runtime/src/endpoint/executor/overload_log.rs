//! Logs events that are refused because the program is overloaded. Callers can cause these lines, so they are counted.

use std::io;
use std::time::Duration;

use crate::event::Kind;
use crate::logging::RefusalLog;
use crate::metrics::{Refusal, event_refused};

static TOO_MANY_EVENTS: RefusalLog = RefusalLog::new("events refused: too many at once");
static NO_FREE_THREAD: RefusalLog = RefusalLog::new("events refused: no free handler thread");
static QUEUE_FULL: RefusalLog = RefusalLog::new("calls refused: queue is full");
static THREAD_NOT_STARTED: RefusalLog = RefusalLog::new("handler threads not started");

/// The event has waited half of its time limit for a permit.
pub(super) fn too_many_events(kind: Option<Kind>, handler: &'static str, limit: Duration) {
    event_refused(Refusal::Concurrency);
    let kind = kind.map(Kind::name);
    TOO_MANY_EVENTS.record(None, || {
        tracing::warn!(target: "centrifugo", kind, handler, ?limit, "event refused: too many at once (WORKER_CONCURRENCY)");
    });
}

/// Handlers block all threads, and no further thread may be started.
pub(super) fn no_free_thread(kind: Option<Kind>, handler: &'static str) {
    event_refused(Refusal::Threads);
    let kind = kind.map(Kind::name);
    NO_FREE_THREAD.record(None, || {
        tracing::warn!(
            target: "centrifugo", kind, handler,
            "event refused: no free handler thread (WORKER_MAX_BLOCKED_HANDLERS)"
        );
    });
}

pub(super) fn queue_full() {
    event_refused(Refusal::Queue);
    QUEUE_FULL.record(None, || {
        tracing::warn!(target: "centrifugo", "call refused: queue is full");
    });
}

pub(super) fn thread_not_started(error: &io::Error) {
    THREAD_NOT_STARTED.record(None, || {
        tracing::error!(target: "centrifugo", %error, "handler thread not started");
    });
}
