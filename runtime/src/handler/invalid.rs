//! The arguments of `#[invalid]` functions.

use super::state::{StateNeed, States};
use crate::error::Error;
use crate::event::{Kind, Metadata};

/// An event that could not be decoded, for [`#[invalid]`](macro@crate::invalid) functions.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Invalid {
    /// The reason why the event could not be decoded.
    pub reason: String,
    /// The kind, if it is known.
    pub kind: Option<Kind>,
    /// The headers that came with the event. There are none if the kind is unknown.
    pub metadata: Metadata,
}

/// A type that an `#[invalid]` function can take.
#[diagnostic::on_unimplemented(
    message = "an `invalid` function can't take `{Self}`",
    note = "it can take `Invalid`, `State<T>` and `Api`"
)]
pub trait FromInvalid: Sized {
    /// The states that extraction needs.
    const STATES: &'static [StateNeed] = &[];

    /// Extracts the value.
    ///
    /// # Errors
    ///
    /// Fails if a state is missing.
    fn from_invalid(invalid: &Invalid, states: &States) -> Result<Self, Error>;
}

impl FromInvalid for Invalid {
    fn from_invalid(invalid: &Invalid, _: &States) -> Result<Self, Error> {
        Ok(invalid.clone())
    }
}
