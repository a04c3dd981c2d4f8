//! Where the arguments of handlers come from.

use std::fmt;

use super::extracted::Extracted;
use super::handler_info::ArgumentInfo;
use super::typed_event::TypedEvent;
use crate::error::{Error, MalformedMessage};
use crate::event::{EventKind, Kind};
use crate::logging::clip;

/// Where an argument of a handler comes from.
pub struct Argument<K: EventKind, T> {
    source: Source<K, T>,
    /// Returns what is known about the argument. A function, because the compiler validates all of a value, through
    /// references too, in the static of each handler.
    pub(super) info: fn() -> ArgumentInfo,
    pub(super) is_in_memory: bool,
}

enum Source<K: EventKind, T> {
    Event(fn(&TypedEvent<K>) -> Extracted<'_, T>),
    Param(usize, fn(&str) -> Result<T, String>),
}

/// Creates an argument that is bound to the pattern's named wildcard of this index.
pub const fn param<K: EventKind, T>(index: usize, parse: fn(&str) -> Result<T, String>) -> Argument<K, T> {
    Argument {
        source: Source::Param(index, parse),
        info: ArgumentInfo::of_param,
        is_in_memory: true,
    }
}

impl<K: EventKind, T> Argument<K, T> {
    /// Creates an argument that is extracted from the event.
    pub(super) const fn of_event(
        extract: fn(&TypedEvent<K>) -> Extracted<'_, T>,
        info: fn() -> ArgumentInfo,
        is_in_memory: bool,
    ) -> Self {
        Self {
            source: Source::Event(extract),
            info,
            is_in_memory,
        }
    }

    pub(super) fn extract<'a>(&self, event: &'a TypedEvent<K>) -> Extracted<'a, T> {
        match self.source {
            Source::Event(extract) => extract(event),
            Source::Param(index, parse) => Extracted::Now(parse_param(event.param(index), parse, K::KIND)),
        }
    }
}

/// Parses the text that a named wildcard matched. A text that does not parse is an unknown channel or method.
fn parse_param<T>(text: &str, parse: fn(&str) -> Result<T, String>, kind: Kind) -> Result<T, Error> {
    parse(text).map_err(|error| {
        let refusal = if kind == Kind::Rpc {
            Error::method_not_found()
        } else {
            Error::unknown_channel()
        };
        let (text, error) = (clip(text), clip(&error));
        refusal.with_source(MalformedMessage(format!(
            "`{text}` in the channel or method does not parse: {error}"
        )))
    })
}

impl<K: EventKind, T> fmt::Debug for Argument<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Argument")
            .field("type", &std::any::type_name::<T>())
            .field("is_in_memory", &self.is_in_memory)
            .finish_non_exhaustive()
    }
}
