//! The registration of a handler, and the call of a handler.
//!
//! The types are in one file because they refer to each other: a route has a handler, a handler takes a call, and a
//! call has a route.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::format::Format;
use super::handler_info::HandlerInfo;
use super::outcome::Outcome;
use super::state::{OtherNeed, StateNeed, States};
use crate::channel::ChannelInfo;
use crate::event::{Event, Fields, Kind, Resolved, RouteInfo};
use crate::routing::Params;
use crate::schema::HandlerSchemas;

/// The registration of a handler.
pub struct Route {
    /// The kind of event that the handler answers.
    pub kind: Kind,
    /// The pattern of channels or methods, if the kind has one.
    pub pattern: Option<&'static str>,
    /// The channel type that the pattern is from, if the attribute names one.
    pub channel_type: Option<&'static ChannelInfo>,
    /// The function's name.
    pub name: &'static str,
    /// The function's module.
    pub module: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The line of the attribute in the source file.
    pub line: u32,
    /// The doc comment of the function.
    pub docs: &'static str,
    /// The types of the function's arguments.
    pub takes: &'static [&'static str],
    /// The type that the function returns.
    pub returns: &'static str,
    /// The schemas of these types, for the description of the program.
    #[doc(hidden)]
    pub schemas: HandlerSchemas,
    /// The time limit that the attribute sets.
    pub timeout: Option<Duration>,
    #[doc(hidden)]
    pub handler: &'static dyn AnyHandler,
}

inventory::collect!(Route);

impl Route {
    pub(crate) fn info(&self) -> RouteInfo {
        RouteInfo {
            kind: self.kind,
            pattern: self.pattern,
            module: self.module,
            name: self.name,
            file: self.file,
            line: self.line,
            docs: self.docs,
            takes: self.takes,
            returns: self.returns,
            layer: self.handler.layer(),
        }
    }

    /// Returns whether an argument of the handler needs this of Centrifugo's configuration.
    pub(crate) fn needs(&self, wanted: OtherNeed) -> bool {
        StateNeed::include(&self.handler.info().needs(), wanted)
    }

    pub(crate) fn warn_uncalled(&self, reason: &str) {
        tracing::warn!(
            target: "centrifugo", kind = %self.kind, handler = self.name, pattern = self.pattern,
            place = format_args!("{}:{}", self.file, self.line), reason, "handler is never called",
        );
    }
}

/// A handler of any kind and with arguments of any types, which the dispatcher can call.
pub trait AnyHandler: Sync {
    /// Returns what the handler says about its arguments and its reply.
    fn info(&self) -> HandlerInfo;

    /// Returns whether the attribute says that the function may block its thread.
    fn is_blocking(&self) -> bool {
        false
    }

    /// Returns the path of the function that the attribute names as a layer, as the source has it.
    fn layer(&self) -> Option<&'static str> {
        None
    }

    /// Calls the handler. If it is a plain function whose arguments are in memory, the outcome is known on return.
    fn call(&'static self, call: Box<Call>) -> PendingOutcome;
}

/// The outcome of a call, or a future that returns the outcome.
#[must_use]
pub enum PendingOutcome {
    /// The outcome is known.
    Now(Outcome),
    /// The outcome is not known yet: the future returns it.
    Later(BoxFuture<'static, Outcome>),
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.info().fmt(f)
    }
}

impl fmt::Debug for PendingOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(outcome) => f.debug_tuple("Now").field(outcome).finish(),
            Self::Later(_) => f.write_str("Later(..)"),
        }
    }
}

/// A handler in the router's table. The type is small, because there is one value for each pattern.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) route: &'static Route,
    /// The time limit of the attribute in milliseconds, or 0 if the attribute sets none.
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

/// An event and its handler. A call is boxed, because it is moved often.
pub struct Call {
    pub(crate) event: Event,
    pub(crate) found: RouteMatch,
    pub(crate) format: Format,
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
