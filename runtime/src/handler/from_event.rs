//! The trait of what handlers take.

use std::future::Future;
use std::pin::Pin;

use super::argument::Argument;
use super::state::StateNeed;
use super::typed_event::TypedEvent;
use crate::error::Error;
use crate::event::EventKind;

/// A value that is taken from an event, or why it can't be: at once, or when a future says so.
pub enum Extracted<'a, T> {
    /// What is in memory costs no box.
    Now(Result<T, Error>),
    /// What has to wait.
    Later(Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>),
}

impl<T> Extracted<'_, T> {
    /// The failure of what is in memory.
    ///
    /// # Errors
    ///
    /// When the value is there, and is none.
    pub fn first(self) -> Result<Self, Error> {
        match self {
            Self::Now(Err(error)) => Err(error),
            other => Ok(other),
        }
    }

    /// Whether nothing has to be waited for.
    pub fn is_now(&self) -> bool {
        matches!(self, Self::Now(_))
    }

    /// What is in memory.
    ///
    /// # Errors
    ///
    /// When the value is none, or has to be waited for: an internal error.
    pub fn now(self) -> Result<T, Error> {
        match self {
            Self::Now(result) => result,
            Self::Later(_) => Err(Error::internal("the value is not in memory")),
        }
    }
}

/// A type that a handler of kind `K` can take.
///
#[doc = include_str!("../../docs/tables/extractors.md")]
///
/// `Protobuf<T>` needs the feature `protobuf`. A [`Scoped<T>`](crate::Scoped) is there where the arguments of the function that makes
/// it are. `Result<X, Error>` is there wherever `X` is.
///
/// Arguments are taken from left to right. What has to wait, such as [`Scoped<T>`](crate::Scoped), is begun when all others are there,
/// again from left to right. The first that fails is the answer.
///
/// # One of your own
///
/// Derive it for a struct of extractors ([`FromEvent`](derive@crate::FromEvent)), or write it by the capability that it
/// needs, such as [`HasUser`](crate::event::HasUser): then it fits every event that has a user, and no other.
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
    /// The states that it needs: their absence is found at start.
    const STATES: &'static [StateNeed] = &[];

    /// Whether the value is always in memory, [`Extracted::Now`]: then a plain function whose arguments all are costs no
    /// allocation. A value that is [`Extracted::Later`] all the same makes the answer an internal error.
    const IN_MEMORY: bool = false;

    #[doc(hidden)]
    const SOURCE: Argument<K, Self> = Argument::EVENT;

    /// Takes the value.
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self>;
}
