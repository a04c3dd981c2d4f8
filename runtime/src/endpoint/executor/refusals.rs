//! What the log says of events that are refused because there are too many. Callers can cause these lines, so they are
//! counted.

use std::io;
use std::time::Duration;

use crate::event::Kind;
use crate::logging::RefusalLog;

static TOO_MANY_AT_ONCE: RefusalLog = RefusalLog::new("events refused: too many at once");
static NO_FREE_THREAD: RefusalLog = RefusalLog::new("events refused: no free handler thread");
static TOO_MANY_WAITING: RefusalLog = RefusalLog::new("calls refused: too many wait");
static NO_THREAD: RefusalLog = RefusalLog::new("handler threads not started");

/// The event waited half of its time for others to end.
pub(super) fn too_many_at_once(kind: Option<Kind>, handler: &'static str, limit: Duration) {
    let kind = kind.map(Kind::name);
    TOO_MANY_AT_ONCE.record(None, || {
        tracing::warn!(target: "centrifugo", kind, handler, ?limit, "event refused: too many at once (WORKER_CONCURRENCY)");
    });
}

/// Handlers that block hold all threads that there may be.
pub(super) fn no_free_thread(kind: Option<Kind>, handler: &'static str) {
    let kind = kind.map(Kind::name);
    NO_FREE_THREAD.record(None, || {
        tracing::warn!(
            target: "centrifugo", kind, handler,
            "event refused: no free handler thread (WORKER_MAX_BLOCKED_HANDLERS)"
        );
    });
}

pub(super) fn too_many_waiting() {
    TOO_MANY_WAITING.record(None, || {
        tracing::warn!(target: "centrifugo", "call refused: too many wait");
    });
}

pub(super) fn no_thread(error: &io::Error) {
    NO_THREAD.record(None, || {
        tracing::error!(target: "centrifugo", %error, "handler thread not started");
    });
}
