//! The trait of extractors.

use super::argument::Argument;
use super::extracted::Extracted;
use super::handler_info::ArgumentInfo;
use super::state::StateNeed;
use super::typed_event::TypedEvent;
use crate::event::EventKind;

/// A type that a handler of kind `K` can take.
///
#[doc = include_str!("../../docs/tables/extractors.md")]
///
/// `Protobuf<T>` needs the feature `protobuf`. [`Scoped<T>`](crate::Scoped) works for the events that offer all
/// arguments of its function. `Result<X, Error>` works wherever `X` does.
///
/// Arguments are extracted from left to right. Arguments whose extraction has to wait, such as
/// [`Scoped<T>`](crate::Scoped), are extracted after all others, again from left to right. The first failure is the
/// answer to the event.
///
/// # Extractors of your own
///
/// Derive the trait for a struct of extractors ([`FromEvent`](derive@crate::FromEvent)), or implement it for the events
/// that have a capability. An implementation for [`HasUser`](crate::event::HasUser) works for every event that has a
/// user.
///
/// ```
/// use centrifugo::event::{EventKind, HasUser};
/// use centrifugo::extract::{Extracted, TypedEvent};
/// use centrifugo::FromEvent;
///
/// struct IsAdmin(bool);
///
/// impl<K: HasUser> FromEvent<K> for IsAdmin {
///     fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
///         Extracted::Now(Ok(Self(event.user() == "root")))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a `{K}` handler can't take `{Self}`",
    label = "not an extractor of `{K}` events",
    note = "application data is taken as `Json<T>` or `Data`, a part of the pattern as an argument of its name (`{{id}}` and `id: u32`; in a `#[scoped]` function `Channel` or `Method`), a state as `State<T>`; all others are in the table in the docs of `centrifugo::FromEvent`"
)]
pub trait FromEvent<K: EventKind>: Sized {
    /// The states that extraction needs. A missing state is an error at start.
    const STATES: &'static [StateNeed] = &[];

    /// Whether extraction never waits, so that it always returns [`Extracted::Now`].
    ///
    /// A plain function whose arguments all have `true` runs without an allocation. With `true`, an
    /// [`Extracted::Later`] makes the answer an internal error.
    const IN_MEMORY: bool = false;

    /// The types of the extractor, for the description of the program.
    #[cfg(feature = "schema")]
    #[doc(hidden)]
    const TYPES: crate::schema::ArgumentTypes = crate::schema::ArgumentTypes::NONE;

    #[doc(hidden)]
    const SOURCE: Argument<K, Self> =
        Argument::of_event(Self::from_event, argument_info::<K, Self>, Self::IN_MEMORY);

    /// Extracts the value.
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self>;
}

fn argument_info<K: EventKind, X: FromEvent<K>>() -> ArgumentInfo {
    ArgumentInfo {
        states: X::STATES,
        #[cfg(feature = "schema")]
        types: Some(X::TYPES),
    }
}
