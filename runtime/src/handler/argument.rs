//! Where the arguments of handlers come from.

use super::from_event::{Extracted, FromEvent};
use super::state::StateNeed;
use super::typed_event::TypedEvent;
use crate::error::{Error, MalformedMessage};
use crate::event::{EventKind, Kind};
use crate::logging::clip;

/// Where one argument comes from.
pub struct Argument<K: EventKind, T> {
    take: Take<K, T>,
    pub(super) states: &'static [StateNeed],
    pub(super) in_memory: bool,
}

enum Take<K: EventKind, T> {
    Event(fn(&TypedEvent<K>) -> Extracted<'_, T>),
    Param(usize, fn(&str) -> Result<T, String>),
}

impl<K: EventKind, T: FromEvent<K>> Argument<K, T> {
    /// The event.
    pub const EVENT: Self = Self {
        take: Take::Event(T::from_event),
        states: T::STATES,
        in_memory: T::IN_MEMORY,
    };
}

/// The pattern's named wildcard of this index.
pub const fn param<K: EventKind, T>(index: usize, parse: fn(&str) -> Result<T, String>) -> Argument<K, T> {
    Argument {
        take: Take::Param(index, parse),
        states: &[],
        in_memory: true,
    }
}

impl<K: EventKind, T> Argument<K, T> {
    pub(super) fn take<'a>(&self, event: &'a TypedEvent<K>) -> Extracted<'a, T> {
        match self.take {
            Take::Event(take) => take(event),
            Take::Param(index, parse) => Extracted::Now(read(event.param(index), parse, K::KIND)),
        }
    }
}

/// A value that does not parse is an unknown channel or method.
fn read<T>(text: &str, parse: fn(&str) -> Result<T, String>, kind: Kind) -> Result<T, Error> {
    parse(text).map_err(|error| {
        let seen = if kind == Kind::Rpc {
            Error::method_not_found()
        } else {
            Error::unknown_channel()
        };
        let (text, error) = (clip(text), clip(&error));
        seen.with_source(MalformedMessage(format!(
            "`{text}` of the pattern does not parse: {error}"
        )))
    })
}
