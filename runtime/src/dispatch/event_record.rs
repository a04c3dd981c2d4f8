//! Records the outcome of an event in the metrics.

use crate::event::Kind;
use crate::handler::Outcome;
use crate::metrics::{EventMetrics, EventOutcome, RunningEvent};

/// An event that is in flight for the metrics. Dropping it before its end counts the event as cancelled.
#[must_use = "dropping it counts the event as cancelled"]
pub(crate) struct EventRecord {
    kind: Kind,
    has_handler: bool,
    running: RunningEvent,
}

impl EventRecord {
    /// Records the start of an event. `route_index` is `usize::MAX` without a handler.
    pub(super) fn begin(metrics: &EventMetrics, kind: Kind, route_index: usize) -> Self {
        Self {
            kind,
            has_handler: route_index != usize::MAX,
            running: metrics.begin(kind as usize, route_index),
        }
    }

    /// Records the answer of an event.
    pub(crate) fn end(self, outcome: &Outcome) {
        let summary = match outcome {
            Outcome::Error(_) if !self.has_handler => EventOutcome::Refused,
            outcome => outcome.summary(),
        };
        self.end_as(summary, outcome);
    }

    /// Records the answer of an event whose outcome shows less than `summary`.
    pub(crate) fn end_as(self, summary: EventOutcome, outcome: &Outcome) {
        let is_failure = match outcome {
            Outcome::Error(error) => error.is_temporary(),
            outcome => matches!(outcome, Outcome::Unreadable(_)),
        };
        self.running
            .end(summary, is_failure && self.kind.fails_with_grace());
    }

    /// Records the end of an event whose answer never causes a grace period.
    #[cfg(feature = "grpc")]
    pub(crate) fn end_without_grace(self, summary: EventOutcome) {
        self.running.end(summary, false);
    }

    /// Does not count the event, which another worker will answer.
    pub(crate) fn discard(self) {
        self.running.discard();
    }
}
