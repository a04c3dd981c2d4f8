//! Finds the handler for an event and calls it, through the layers where there are any.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::error_log::log_unreadable;
use super::handlers::Handlers;
use super::layer::Next;
use super::running::{Running, Stage, Subject};
use crate::event::Event;
use crate::handler::{Invalid, Route, States};

/// Answers events: finds their handlers and calls them.
pub struct Dispatcher {
    pub(crate) handlers: Arc<Handlers>,
    /// The outermost layer.
    pub(crate) layered: Option<Next>,
    pub(crate) limit: Duration,
}

impl Dispatcher {
    /// The handlers, sorted by kind and pattern.
    pub fn routes(&self) -> &[&'static Route] {
        &self.handlers.routes
    }

    pub(crate) fn states(&self) -> &Arc<States> {
        &self.handlers.states
    }

    /// The shortest time limit of a handler.
    pub(crate) fn shortest_limit(&self) -> Duration {
        self.routes()
            .iter()
            .filter_map(|route| route.timeout)
            .fold(self.limit, Duration::min)
    }

    /// Answers an event. The future is best polled inside a tokio runtime: handlers may need one.
    pub fn dispatch(&self, event: Event) -> Running {
        let call = match self.handlers.find(event) {
            Ok(call) => call,
            Err(outcome) => return Running::ready(outcome),
        };
        let subject = Subject::new(&call);
        let limit = call
            .found
            .entry
            .and_then(|entry| entry.timeout())
            .unwrap_or(self.limit);
        match (&self.layered, call.found.entry) {
            (None, None) => Running::ready(self.handlers.unhandled(&call)),
            (None, Some(entry)) => Running::new(subject, limit, Stage::Begin(entry.handler, call)),
            (Some(layered), _) => {
                let stage = Stage::Layered(layered.clone(), call.into_event());
                Running::new(subject, limit, stage)
            }
        }
    }

    /// Tells the `#[invalid]` function, if there is one, of an event that could not be read.
    pub async fn invalid(&self, invalid: Invalid) {
        log_unreadable(invalid.kind, &invalid.reason);
        if let Some(def) = self.handlers.invalid
            && let Err(error) = (def.call)(invalid, self.states().clone()).await
        {
            tracing::error!(target: "centrifugo", function = def.name, error, "the invalid function failed");
        }
    }
}

impl fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatcher")
            .field("routes", &self.routes())
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
