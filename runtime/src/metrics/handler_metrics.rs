//! The metrics of refusals and of handlers that misbehave. They are rare, so their handles are looked up each time.

use super::facade::{Counter, Gauge};
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

/// Counts a panic of the publications of a stream.
pub(crate) fn stream_panicked(handler: &'static str) {
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
