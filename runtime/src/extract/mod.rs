//! What a handler can take.

use std::future::Future;
use std::pin::Pin;

use crate::error::Error;
use crate::event::{EventKind, TypedEvent};
use crate::state::StateNeed;

mod channel;
mod connection;
mod data;
mod extension;
mod incoming;
mod json;
mod labels;
mod map_key;
mod message;
mod meta;
mod metadata;
mod option;
mod param;
#[cfg(feature = "protobuf")]
mod protobuf;
mod state;
mod user;

pub use channel::{Channel, Method};
pub use connection::Connection;
pub use data::Data;
pub use extension::Extension;
pub use incoming::{Incoming, IncomingPublication};
pub use json::Json;
pub use labels::Labels;
pub use map_key::MapKey;
pub use meta::Meta;
pub use option::OptionalFromEvent;
pub use param::FromParam;
pub(crate) use param::param;
#[cfg(feature = "protobuf")]
pub use protobuf::Protobuf;
pub use state::{FromStates, State};
pub use user::UserId;

/// A value that is taken from an event, or why it can't be: at once, or when a future says so.
pub enum Extracted<'a, T> {
    /// What is in memory costs no box.
    Now(Result<T, Error>),
    /// What has to wait.
    Later(Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>),
}

/// A type that a handler of kind `K` can take.
///
/// Write one for your own type by the capability that it needs:
///
/// ```
/// use centrifugo::{EventKind, Extracted, FromEvent, HasUser, TypedEvent};
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
    note = "the table of extractors is in the docs of `centrifugo`"
)]
pub trait FromEvent<K: EventKind>: Sized {
    /// The states that it needs: their absence is found at start.
    const STATES: &'static [StateNeed] = &[];

    /// Takes the value.
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self>;
}
