//! One event on its way to its handler.

use std::sync::Arc;
use std::time::Duration;

use super::format::Format;
use super::route::{AnyHandler, Route};
use super::state::States;
use crate::event::{Event, Fields, Resolved};
use crate::routing::Params;

/// What an event needs of its handler: little, for it lies in the table.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) route: &'static Route,
    /// In milliseconds; 0 for none of its own.
    timeout: u32,
    index: u32,
    pub(crate) handler: &'static dyn AnyHandler,
}

impl Entry {
    /// A handler and its place in [`Dispatcher::routes`](super::Dispatcher::routes).
    pub(crate) fn new(index: usize, route: &'static Route) -> Self {
        Self {
            route,
            timeout: route.timeout.map_or(0, |timeout| {
                u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX).max(1)
            }),
            // Handlers are part of the program: they don't come near 4 billion.
            index: index as u32,
            handler: route.handler,
        }
    }

    /// Its place in [`Dispatcher::routes`](super::Dispatcher::routes).
    pub(crate) fn index(&self) -> usize {
        self.index as usize
    }

    /// Its own time limit.
    pub(crate) fn timeout(&self) -> Option<Duration> {
        (self.timeout > 0).then(|| Duration::from_millis(self.timeout.into()))
    }
}

/// An event's handler, and what was read to find it.
#[derive(Clone, Default)]
pub(crate) struct Found {
    pub(crate) entry: Option<Entry>,
    pub(crate) fields: Fields,
    pub(crate) params: Params,
}

/// One event on its way into a handler. In a box: on its way it changes hands a dozen times.
pub struct Call {
    pub(crate) event: Event,
    pub(crate) found: Found,
    pub(crate) format: Format,
    pub(crate) states: Arc<States>,
}

impl Call {
    /// The event as layers see it.
    pub(crate) fn into_event(self) -> Event {
        let Found {
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
