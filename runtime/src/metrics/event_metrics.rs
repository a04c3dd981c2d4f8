//! The metrics of events. Their handles are looked up once for each handler and outcome.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::facade::{Counter, Gauge, Histogram};
use super::handler_metrics::event_refused;
use super::labels::{EventOutcome, Refusal};

/// The handles of all events of a dispatcher.
#[derive(Clone)]
pub(crate) struct EventMetrics(Arc<Handles>);

struct Handles {
    kinds: Box<[KindHandles]>,
    /// By the handler's index in the dispatcher's routes.
    handlers: Box<[HandlerHandles]>,
}

struct KindHandles {
    kind: &'static str,
    in_flight: OnceLock<Gauge>,
    grace: OnceLock<Counter>,
    /// The handles of events without a handler.
    unhandled: HandlerHandles,
}

struct HandlerHandles {
    kind: &'static str,
    handler: &'static str,
    outcomes: [OnceLock<OutcomeHandles>; EventOutcome::COUNT],
}

struct OutcomeHandles {
    count: Counter,
    duration: Histogram,
    /// The counter of timeouts or panics, if the outcome is one of them.
    failures: Option<Counter>,
}

impl EventMetrics {
    /// Creates the handles for kinds of events, and for handlers with their kinds. The first use registers a metric, so that
    /// outcomes that never occur take no memory in the recorder.
    pub(crate) fn new(
        kinds: impl Iterator<Item = &'static str>,
        handlers: impl Iterator<Item = (&'static str, &'static str)>,
    ) -> Self {
        Self(Arc::new(Handles {
            kinds: kinds.map(KindHandles::new).collect(),
            handlers: handlers
                .map(|(kind, handler)| HandlerHandles::new(kind, handler))
                .collect(),
        }))
    }

    /// Records the start of an event, by the index of its kind and the index of its handler, if it has one.
    pub(crate) fn begin(&self, kind: usize, handler: usize) -> RunningEvent {
        let running = RunningEvent {
            metrics: self.clone(),
            kind,
            handler,
        };
        running.kind().in_flight().increment();
        running
    }
}

impl KindHandles {
    fn new(kind: &'static str) -> Self {
        Self {
            kind,
            in_flight: OnceLock::new(),
            grace: OnceLock::new(),
            unhandled: HandlerHandles::new(kind, "none"),
        }
    }

    fn in_flight(&self) -> &Gauge {
        self.in_flight
            .get_or_init(|| Gauge::new("centrifugo_backend_events_in_flight", &[("kind", self.kind)]))
    }

    fn grace(&self) -> &Counter {
        self.grace
            .get_or_init(|| Counter::new("centrifugo_backend_grace_total", &[("kind", self.kind)]))
    }
}

impl HandlerHandles {
    fn new(kind: &'static str, handler: &'static str) -> Self {
        Self {
            kind,
            handler,
            outcomes: Default::default(),
        }
    }

    fn outcome(&self, outcome: EventOutcome) -> &OutcomeHandles {
        self.outcomes[outcome as usize].get_or_init(|| {
            let handler = ("handler", self.handler);
            let labels = [("kind", self.kind), handler, ("outcome", outcome.name())];
            OutcomeHandles {
                count: Counter::new("centrifugo_backend_events_total", &labels),
                duration: Histogram::new("centrifugo_backend_event_duration_seconds", &labels),
                failures: match outcome {
                    EventOutcome::Timeout => Some(Counter::new(
                        "centrifugo_backend_handler_timeouts_total",
                        &[handler],
                    )),
                    EventOutcome::Panic => Some(Counter::new("centrifugo_backend_panics_total", &[handler])),
                    _ => None,
                },
            }
        })
    }
}

/// An event that is in flight until it is dropped.
pub(crate) struct RunningEvent {
    metrics: EventMetrics,
    kind: usize,
    handler: usize,
}

impl RunningEvent {
    fn kind(&self) -> &KindHandles {
        &self.metrics.0.kinds[self.kind]
    }

    /// Records the end of the event. `is_grace` is whether Centrifugo grants grace because of the answer. `duration` is called
    /// only if the histogram records it.
    pub(crate) fn end(self, outcome: EventOutcome, is_grace: bool, duration: impl FnOnce() -> Duration) {
        let kind = self.kind();
        let handler = self
            .metrics
            .0
            .handlers
            .get(self.handler)
            .unwrap_or(&kind.unhandled);
        let handles = handler.outcome(outcome);
        handles.count.increment();
        handles.duration.record_with(|| duration().as_secs_f64());
        if let Some(failures) = &handles.failures {
            failures.increment();
        }
        if outcome == EventOutcome::Unreadable {
            event_refused(Refusal::Unreadable);
        }
        if is_grace {
            kind.grace().increment();
        }
    }
}

impl Drop for RunningEvent {
    fn drop(&mut self) {
        self.kind().in_flight().decrement();
    }
}
