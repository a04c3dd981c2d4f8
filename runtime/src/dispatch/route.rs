//! Handlers as their attributes register them.

use std::sync::Arc;
use std::time::Duration;

use super::{Outcome, Params};
use crate::error::{BoxError, Error};
use crate::event::fields::Fields;
use crate::event::{Event, Kind, Metadata};
use crate::extract::{FromStates, State};
use crate::state::{BoxFuture, StateNeed, States};

/// A handler in the table.
pub struct Route {
    /// The event that it answers.
    pub kind: Kind,
    /// The channels or the method that it answers for, where the kind has any.
    pub pattern: Option<&'static str>,
    /// The function's name.
    pub name: &'static str,
    /// The function's module.
    pub module: &'static str,
    /// The file that it is in.
    pub file: &'static str,
    /// The line of its attribute.
    pub line: u32,
    /// Its doc comment.
    pub docs: &'static str,
    /// The types of its arguments.
    pub takes: &'static [&'static str],
    /// The type that it returns.
    pub returns: &'static str,
    /// Its own time limit.
    pub timeout: Option<Duration>,
    #[doc(hidden)]
    pub handler: &'static dyn AnyHandler,
}

inventory::collect!(Route);

impl Route {
    pub(crate) fn warn_uncalled(&self, reason: &str) {
        tracing::warn!(
            target: "centrifugo", kind = %self.kind, handler = self.name, pattern = self.pattern,
            place = format_args!("{}:{}", self.file, self.line), reason, "this handler will not be called",
        );
    }
}

/// A handler of any kind, with arguments of any types.
pub trait AnyHandler: Sync {
    /// The states that its arguments need.
    fn needs(&self) -> Vec<StateNeed>;

    /// Answers an event. What is in memory and does not wait is answered at once.
    fn call(&'static self, call: Box<Call>) -> Answering;
}

/// An answer that is there, or is on its way.
pub enum Answering {
    /// There.
    Now(Outcome),
    /// On its way.
    Later(BoxFuture<Outcome>),
}

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
    pub(crate) states: Arc<States>,
}

/// An event that could not be read: what an [`#[invalid]`](macro@crate::invalid) function takes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Invalid {
    /// Why.
    pub reason: String,
    /// The kind, if it is known.
    pub kind: Option<Kind>,
    /// The headers that came along, as far as they could be read.
    pub metadata: Metadata,
}

/// The `#[invalid]` function.
pub struct InvalidDef {
    #[doc(hidden)]
    pub name: &'static str,
    #[doc(hidden)]
    pub module: &'static str,
    #[doc(hidden)]
    pub file: &'static str,
    #[doc(hidden)]
    pub line: u32,
    #[doc(hidden)]
    pub needs: &'static [StateNeed],
    #[doc(hidden)]
    pub call: fn(Invalid, Arc<States>) -> BoxFuture<Result<(), BoxError>>,
}

inventory::collect!(InvalidDef);

/// A type that an `#[invalid]` function can take.
#[diagnostic::on_unimplemented(
    message = "an `invalid` function can't take `{Self}`",
    note = "it can take `Invalid`, `State<T>` and `Api`"
)]
pub trait FromInvalid: Sized {
    /// The states that it needs.
    const STATES: &'static [StateNeed] = &[];

    /// Takes the value.
    ///
    /// # Errors
    ///
    /// When a state is missing.
    fn from_invalid(invalid: &Invalid, states: &States) -> Result<Self, Error>;
}

impl FromInvalid for Invalid {
    fn from_invalid(invalid: &Invalid, _: &States) -> Result<Self, Error> {
        Ok(invalid.clone())
    }
}

impl<T: Send + Sync + 'static> FromInvalid for State<T> {
    const STATES: &'static [StateNeed] = <Self as FromStates>::STATES;

    fn from_invalid(_: &Invalid, states: &States) -> Result<Self, Error> {
        Self::from_states(states)
    }
}
