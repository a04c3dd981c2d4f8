//! Finds the handler of an event and calls it through the layers.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::dispatch_future::{DispatchFuture, EventInfo, Stage};
use super::error_log::log_unreadable;
use super::event_record::EventRecord;
use super::event_span::{event_span, unreadable_span};
use super::handlers::Handlers;
use super::time_limit::TimeLimit;
use crate::event::{Event, Kind};
use crate::handler::{Invalid, Next, Outcome, Route, States};
use crate::metrics::EventMetrics;

/// Finds the handler of each event and calls it.
pub struct Dispatcher {
    pub(crate) handlers: Arc<Handlers>,
    /// The outermost layer, or `None` without layers.
    pub(crate) layers: Option<Next>,
    /// The time limit of handlers without a `timeout` of their own.
    pub(crate) default_timeout: Duration,
    pub(crate) metrics: EventMetrics,
}

impl Dispatcher {
    /// Returns the handlers, sorted by kind and pattern.
    pub fn routes(&self) -> &[&'static Route] {
        &self.handlers.routes
    }

    pub(crate) fn states(&self) -> &Arc<States> {
        &self.handlers.states
    }

    /// Returns the shortest time limit of all handlers.
    pub(crate) fn shortest_timeout(&self) -> Duration {
        self.routes()
            .iter()
            .filter_map(|route| route.timeout)
            .fold(self.default_timeout, Duration::min)
    }

    /// Returns the time limit of a handler.
    pub(crate) fn timeout(&self, route: &Route) -> Duration {
        route.timeout.unwrap_or(self.default_timeout)
    }

    /// Dispatches an event. Poll the future inside a tokio runtime: it may start a timer, and handlers may use tokio.
    pub fn dispatch(&self, event: Event) -> DispatchFuture {
        let kind = event.kind();
        let call = match self.handlers.find(event) {
            Ok(call) => call,
            Err(outcome) => {
                self.record_unreadable(kind);
                return DispatchFuture::ready(outcome);
            }
        };
        let info = EventInfo::new(&call);
        let record = EventRecord::begin(&self.metrics, kind, info.route_index(), event_span(&call), || {
            call.event.received()
        });
        let attribute = call.found.entry.and_then(|entry| entry.timeout());
        let limit = TimeLimit::of_handler(attribute, self.default_timeout);
        match (&self.layers, call.found.entry) {
            (None, None) => {
                let outcome = self.handlers.unhandled_outcome(&call);
                record.end(&outcome);
                DispatchFuture::ready(outcome)
            }
            (None, Some(entry)) => {
                let stage = Stage::CallHandler(entry.handler, call);
                DispatchFuture::new(info, limit, stage, record)
            }
            (Some(layers), _) => {
                let stage = Stage::CallLayers(layers.clone(), call.into_event());
                DispatchFuture::new(info, limit, stage, record)
            }
        }
    }

    /// Records an event that could not be read.
    pub(crate) fn record_unreadable(&self, kind: Kind) {
        let outcome = Outcome::Unreadable(String::new());
        EventRecord::begin(
            &self.metrics,
            kind,
            usize::MAX,
            unreadable_span(kind),
            Instant::now,
        )
        .end(&outcome);
    }

    /// Logs an unreadable event and calls the `#[invalid]` function, if there is one.
    pub async fn invalid(&self, invalid: Invalid) {
        log_unreadable(invalid.kind, &invalid.reason);
        if let Some(def) = self.handlers.invalid
            && let Err(error) = (def.call)(invalid, self.states().clone()).await
        {
            tracing::error!(target: "centrifugo", handler = def.name, error, "invalid function failed");
        }
    }
}

impl fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatcher")
            .field("routes", &self.routes())
            .field("default_timeout", &self.default_timeout)
            .finish_non_exhaustive()
    }
}
