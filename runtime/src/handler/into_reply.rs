//! The trait of replies.

use super::protocol::Protocol;
use super::reply_conversion::ReplyConversion;
use crate::error::{Error, ReplyError};
use crate::event::EventKind;

/// A type that a handler of kind `K` can return.
///
#[doc = include_str!("../../docs/tables/replies.md")]
///
/// A handler can also return a `Result` of each, with [`Error`] or a type that derives
/// [`ReplyError`](trait@crate::ReplyError). `Protobuf<T>` needs the feature `protobuf`. `()` is not a reply to events where it
/// would allow something, because a handler that returns early must not do so by accident. The result messages of
/// [`proto`](crate::proto) are passed on unchecked.
#[diagnostic::on_unimplemented(
    message = "a `{K}` handler can't return `{Self}`",
    label = "not a reply to `{K}` events",
    note = "connect returns `reply::Connect`, refresh `reply::Refresh`, subscribe `reply::Subscribe`, publish `reply::Publish`, sub_refresh `reply::SubRefresh`, rpc `Json<T>`, `Data`, `Protobuf<T>` or `()`, notify_channel_state `()`, notify_cache_empty `reply::CacheEmpty` or `()`, map_publish `reply::MapPublish`, map_remove `reply::MapRemove`, shared_poll_refresh `reply::SharedPoll`, subscribe_stream `reply::Stream`; each its result message, or a `Result` of one"
)]
pub trait IntoReply<K: EventKind>: Sized {
    #[doc(hidden)]
    const REPLY: ReplyConversion<K, Self> = ReplyConversion::new(Self::into_reply);

    /// Converts the value into the result of the answer, and for a stream into its publications too.
    ///
    /// # Errors
    ///
    /// Returns the error that the client gets instead.
    fn into_reply(self, client: Protocol) -> Result<K::Reply, Error>;
}

impl<K: EventKind, R: IntoReply<K>, E: ReplyError> IntoReply<K> for Result<R, E> {
    fn into_reply(self, client: Protocol) -> Result<K::Reply, Error> {
        self.map_err(E::into_error)?.into_reply(client)
    }
}
