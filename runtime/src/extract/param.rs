//! What stands for a named wildcard of a pattern.

use std::fmt::Display;
use std::str::FromStr;

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
