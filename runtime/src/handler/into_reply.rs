//! The trait of the types that handlers return.

use super::protocol::Protocol;
use crate::error::Error;
use crate::event::EventKind;

/// A type that a handler of kind `K` can return.
///
/// Do not implement this trait. Implement the trait of the event instead, such as
/// [`reply::RpcReply`](crate::reply::RpcReply): it implements this one.
///
#[doc = include_str!("../../docs/tables/replies.md")]
///
/// A handler can also return a `Result` of any of these, if the error is [`Error`] or derives
/// [`ReplyError`](trait@crate::ReplyError). `Protobuf<T>` needs the feature `protobuf`. `()` is a reply only to events
/// where it does not allow anything, so that a handler that returns early does not allow an action by accident. The
/// messages of [`proto`](crate::proto) are sent unchecked.
pub trait IntoReply<K: EventKind>: Sized {
    /// The types of the reply, for the description of the program.
    #[cfg(feature = "schema")]
    #[doc(hidden)]
    const TYPES: crate::schema::ReplyTypes = crate::schema::ReplyTypes::UNKNOWN;

    /// Converts the value into the result that the response to the event carries, and for a stream also the
    /// publications that follow.
    ///
    /// # Errors
    ///
    /// The client receives the error instead of the result.
    fn into_reply(self, client: Protocol) -> Result<K::Reply, Error>;
}
