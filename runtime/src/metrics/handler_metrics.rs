//! The metrics of refusals and of handlers that misbehave. They are rare, so their handles are looked up each time.

use std::time::Duration;

use super::facade::{Counter, Gauge, Histogram};
use super::labels::{EventOutcome, Refusal};

/// Counts an event, a call or a connection that is refused.
pub(crate) fn event_refused(reason: Refusal) {
    Counter::new(
        "centrifugo_backend_events_refused_total",
        &[("reason", reason.name())],
    )
    .increment();
}

/// Counts an event that could not be read, and whose kind is therefore unknown.
pub(crate) fn unknown_event_unreadable() {
    let labels = [
        ("kind", "unknown"),
        ("handler", "none"),
        ("outcome", EventOutcome::Unreadable.name()),
    ];
    Counter::new("centrifugo_backend_events_total", &labels).increment();
    event_refused(Refusal::Unreadable);
}

/// Counts a panic that is not the outcome of an event: of a stream, or of a handler when it is dropped.
pub(crate) fn count_panic(handler: &'static str) {
    Counter::new("centrifugo_backend_panics_total", &[("handler", handler)]).increment();
}

fn blocked(handler: &'static str) -> Gauge {
    Gauge::new("centrifugo_backend_handlers_blocked", &[("handler", handler)])
}

/// Records that a handler blocks its thread past its time limit.
pub(crate) fn handler_blocked(handler: &'static str) {
    blocked(handler).increment();
}

/// Records that a handler no longer blocks its thread.
pub(crate) fn handler_unblocked(handler: &'static str) {
    blocked(handler).decrement();
}

/// Counts an event whose handler never yielded, so that the process exits without the end of the event. `elapsed` is the time
/// since its arrival.
pub(crate) fn handler_killed(kind: &'static str, handler: &'static str, elapsed: Duration, is_grace: bool) {
    let handler = ("handler", handler);
    let labels = [("kind", kind), handler, ("outcome", EventOutcome::Timeout.name())];
    Counter::new("centrifugo_backend_events_total", &labels).increment();
    Histogram::new("centrifugo_backend_event_duration_seconds", &labels).record(elapsed.as_secs_f64());
    Counter::new("centrifugo_backend_handler_timeouts_total", &[handler]).increment();
    if is_grace {
        Counter::new("centrifugo_backend_grace_total", &[("kind", kind)]).increment();
    }
}
