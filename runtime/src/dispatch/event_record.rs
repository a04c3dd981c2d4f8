//! Records the outcome of an event in its span, in the log and in the metrics.

use std::time::Instant;

use tracing::Span;

use super::event_duration::EventDuration;
use super::event_span::record_outcome;
use crate::event::Kind;
use crate::handler::{Outcome, OutcomeSummary};
use crate::metrics::{EventMetrics, EventOutcome, RunningEvent};

/// An event that is in flight. Dropping it before its end counts the event as cancelled.
#[must_use = "dropping it counts the event as cancelled"]
pub(crate) struct EventRecord {
    kind: Kind,
    has_handler: bool,
    span: Span,
    /// The start, if the span or the metrics record the duration.
    started: Option<Instant>,
    /// `None` after the end.
    running: Option<RunningEvent>,
}

impl EventRecord {
    /// Records the start of an event. `route_index` is `usize::MAX` without a handler.
    pub(super) fn begin(
        metrics: &EventMetrics,
        kind: Kind,
        route_index: usize,
        span: Span,
        received: impl FnOnce() -> Instant,
    ) -> Self {
        let is_timed = cfg!(feature = "metrics") || !span.is_disabled();
        Self {
            kind,
            has_handler: route_index != usize::MAX,
            started: is_timed.then(received),
            span,
            running: Some(metrics.begin(kind as usize, route_index)),
        }
    }

    pub(super) fn span(&self) -> &Span {
        &self.span
    }

    /// Records the answer of an event.
    pub(crate) fn end(self, outcome: &Outcome) {
        let summary = match outcome {
            Outcome::Error(_) if !self.has_handler => EventOutcome::Refused.into(),
            outcome => outcome.summary(),
        };
        self.end_as(summary, outcome);
    }

    /// Records the answer of an event whose outcome shows less than `summary`.
    pub(crate) fn end_as(mut self, summary: OutcomeSummary, outcome: &Outcome) {
        let is_failure = match outcome {
            Outcome::Error(error) => error.is_temporary(),
            outcome => matches!(outcome, Outcome::Unreadable(_)),
        };
        self.finish(summary, is_failure && self.kind.fails_with_grace());
    }

    /// Records the decision of an event that opens a stream.
    #[cfg(feature = "grpc")]
    pub(crate) fn end_stream(mut self, summary: OutcomeSummary) {
        self.finish(summary, false);
    }

    /// Does not count the event, which another worker will answer.
    pub(crate) fn discard(mut self) {
        self.running = None;
    }

    fn finish(&mut self, summary: OutcomeSummary, is_grace: bool) {
        let Some(running) = self.running.take() else {
            return;
        };
        let duration = &EventDuration::since(self.started);
        running.end(summary.outcome, is_grace, || duration.get());
        if !self.span.is_disabled() {
            // A line of the log has the ids of the trace that the thread is inside of. Without traces the span is not entered,
            // since that takes as long as formatting a field.
            #[cfg(feature = "otel")]
            let _entered = tracing::enabled!(target: "centrifugo::event", tracing::Level::DEBUG)
                .then(|| self.span.enter());
            tracing::debug!(
                target: "centrifugo::event", parent: &self.span, outcome = %summary, ?duration, "event answered"
            );
            record_outcome(&self.span, summary, duration);
        }
    }
}

impl Drop for EventRecord {
    fn drop(&mut self) {
        // Centrifugo grants grace when its own time limit ends the event.
        self.finish(EventOutcome::Cancelled.into(), self.kind.fails_with_grace());
    }
}
