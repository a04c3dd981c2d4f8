//! Records the outcome of an event in its span, in the log and in the metrics.

use std::time::Instant;

use tracing::Span;

use super::event_duration::EventDuration;
use super::event_span::record_outcome;
use crate::event::Kind;
use crate::handler::{Outcome, OutcomeSummary};
use crate::metrics::{EventMetrics, EventOutcome, RunningEvent};

/// Gives access to the span of an event, for the type that owns it.
pub(crate) trait HasSpan {
    fn span(&self) -> &Span;
}

impl HasSpan for Span {
    fn span(&self) -> &Span {
        self
    }
}

/// An event that is in flight. Dropping it before its end counts the event as cancelled.
#[must_use = "dropping it counts the event as cancelled"]
pub(crate) struct EventRecord<S: HasSpan = Span> {
    kind: Kind,
    has_handler: bool,
    /// The span, or its owner. Cloning the span would take about as long as recording a field.
    span: S,
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

    /// Moves the span to another owner, which the record keeps.
    #[cfg(feature = "_direct")]
    pub(crate) fn move_span<S: HasSpan>(mut self, owner: impl FnOnce(Span) -> S) -> EventRecord<S> {
        EventRecord {
            kind: self.kind,
            has_handler: self.has_handler,
            span: owner(std::mem::replace(&mut self.span, Span::none())),
            started: self.started,
            running: self.running.take(),
        }
    }

    /// Does not count the event, which another worker will answer.
    pub(crate) fn discard(mut self) {
        self.running = None;
    }
}

impl<S: HasSpan> EventRecord<S> {
    /// Returns the owner of the span.
    pub(crate) fn span_owner(&self) -> &S {
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

    fn finish(&mut self, summary: OutcomeSummary, is_grace: bool) {
        let Some(running) = self.running.take() else {
            return;
        };
        let duration = &EventDuration::since(self.started);
        running.end(summary.outcome, is_grace, || duration.get());
        let span = self.span.span();
        if !span.is_disabled() {
            // A line of the log has the ids of the trace that the thread is inside of. Without traces the span is not entered,
            // since that takes as long as formatting a field.
            #[cfg(feature = "otel")]
            let _entered = tracing::event_enabled!(target: "centrifugo::event", tracing::Level::DEBUG)
                .then(|| span.enter());
            tracing::debug!(
                target: "centrifugo::event", parent: span, outcome = %summary, ?duration, "event answered"
            );
            record_outcome(span, summary, duration);
        }
    }
}

impl<S: HasSpan> Drop for EventRecord<S> {
    fn drop(&mut self) {
        // Centrifugo grants grace when its own time limit ends the event.
        self.finish(EventOutcome::Cancelled.into(), self.kind.fails_with_grace());
    }
}
