//! One event on its way to its handler.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::route::{AnyHandler, Route};
use super::state::States;
use crate::event::{Event, Fields, Resolved};
use crate::routing::Params;

/// A handler in the router's table. It is small, because each pattern has one.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) route: &'static Route,
    /// The time limit in milliseconds; 0 means that the handler has none of its own.
    timeout: u32,
    index: u32,
    pub(crate) handler: &'static dyn AnyHandler,
}

impl Entry {
    /// Creates an entry of a handler and its index in the dispatcher's list.
    pub(crate) fn new(index: usize, route: &'static Route) -> Self {
        Self {
            route,
            timeout: route.timeout.map_or(0, |timeout| {
                u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX).max(1)
            }),
            // No program has 4 billion handlers.
            index: index as u32,
            handler: route.handler,
        }
    }

    /// Returns the index in the dispatcher's list.
    pub(crate) fn index(&self) -> usize {
        self.index as usize
    }

    /// Returns the handler's own time limit.
    pub(crate) fn timeout(&self) -> Option<Duration> {
        (self.timeout > 0).then(|| Duration::from_millis(self.timeout.into()))
    }
}

/// The handler of an event, if there is one, and the fields that were scanned to find it.
#[derive(Clone, Default)]
pub(crate) struct RouteMatch {
    pub(crate) entry: Option<Entry>,
    pub(crate) fields: Fields,
    pub(crate) params: Params,
}

/// An event on its way to its handler. It is boxed, because it is moved a dozen times.
pub struct Call {
    pub(crate) event: Event,
    pub(crate) found: RouteMatch,
    pub(crate) states: Arc<States>,
}

impl Call {
    /// Converts the call into the event that layers see.
    pub(crate) fn into_event(self) -> Event {
        let RouteMatch {
            entry,
            fields,
            params,
        } = self.found;
        let route = entry.map(|entry| (entry.index(), entry.route.info()));
        self.event.with_resolved(Resolved {
            fields,
            params,
            route,
        })
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}
