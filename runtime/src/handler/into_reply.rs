//! The trait of the types that handlers return.

use super::protocol::Protocol;
use crate::error::Error;
use crate::event::EventKind;

/// A type that a handler of kind `K` can return.
///
/// Do not implement it: implement the trait of the event, such as [`reply::RpcReply`](crate::reply::RpcReply), from which
/// it follows.
///
#[doc = include_str!("../../docs/tables/replies.md")]
///
/// A handler can also return a `Result` of any of these, if the error is [`Error`] or derives
/// [`ReplyError`](trait@crate::ReplyError). `Protobuf<T>` needs the feature `protobuf`. `()` is a reply only where it grants
/// nothing, so that a handler that returns early does not allow an action by accident. The messages of
/// [`proto`](crate::proto) are sent unchecked.
pub trait IntoReply<K: EventKind>: Sized {
    /// Converts the value into the result that the response to the event carries, and for a stream also the publications
    /// that follow.
    ///
    /// # Errors
    ///
    /// The client gets the error instead of the result.
    fn into_reply(self, client: Protocol) -> Result<K::Reply, Error>;
}
