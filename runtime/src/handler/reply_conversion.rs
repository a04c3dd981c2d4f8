//! The conversion of a handler's return value.

use std::fmt;

use super::into_reply::IntoReply;
use super::protocol::Protocol;
use super::typed_event::TypedEvent;
use crate::error::Error;
use crate::event::EventKind;

/// The function that converts the return value of a handler into a reply.
pub struct ReplyConversion<K: EventKind, R> {
    convert: fn(R, Protocol) -> Result<K::Reply, Error>,
    #[cfg(feature = "schema")]
    /// A function, as in [`Argument`](super::argument::Argument).
    pub(super) types: fn() -> crate::schema::ReplyTypes,
}

impl<K: EventKind, R: IntoReply<K>> ReplyConversion<K, R> {
    /// The conversion by [`IntoReply`].
    pub(crate) const INTO: Self = Self {
        convert: R::into_reply,
        #[cfg(feature = "schema")]
        types: || R::TYPES,
    };
}

impl<K: EventKind, R> ReplyConversion<K, R> {
    pub(super) fn finish(&self, event: &TypedEvent<K>, reply: R) -> Result<K::Reply, Error> {
        let client = Protocol {
            is_json: event.is_json_client(),
        };
        (self.convert)(reply, client)
    }
}

impl<K: EventKind, R> fmt::Debug for ReplyConversion<K, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReplyConversion").field(&K::KIND).finish()
    }
}
