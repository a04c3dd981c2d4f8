//! What stands for a named wildcard of a pattern.

use std::fmt::Display;
use std::str::FromStr;

use crate::error::Error;
use crate::event::{HasPattern, Kind, TypedEvent};

/// A type that a `{name}` of a pattern can bind to: every `FromStr`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be bound to a name of a pattern",
    note = "implement `FromStr` for it"
)]
pub trait FromParam: Sized {
    /// Reads the text that the name stands for.
    ///
    /// # Errors
    ///
    /// Why it does not parse, for the log.
    fn from_param(text: &str) -> Result<Self, String>;
}

impl<T: FromStr<Err: Display>> FromParam for T {
    fn from_param(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error: T::Err| error.to_string())
    }
}

/// The value of the named wildcard `index`. One that does not parse is an unknown channel or method.
pub(crate) fn param<T: FromParam, K: HasPattern>(event: &TypedEvent<K>, index: usize) -> Result<T, Error> {
    let text = event.param(index);
    T::from_param(text).map_err(|error| {
        tracing::debug!(target: "centrifugo", kind = %K::KIND, text, error, "a value of the pattern does not parse");
        if K::KIND == Kind::Rpc { Error::method_not_found() } else { Error::unknown_channel() }
    })
}
