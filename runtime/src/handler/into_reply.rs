//! The trait of what handlers return.

use super::function::Reply;
use crate::error::{Error, ReplyError};
use crate::event::EventKind;

/// How the client of the event reads data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// Whether it is on the JSON protocol, so that other bytes would close it for good.
    pub is_json: bool,
}

/// A type that a handler of kind `K` can return.
///
#[doc = include_str!("../../docs/tables/replies.md")]
///
/// A `Result` of each is one too, where the error is [`Error`] or derives [`ReplyError`](trait@crate::ReplyError).
/// `Protobuf<T>` needs the feature `protobuf`. `()` is no reply where it would allow something: a handler that returns
/// early must not do so by accident. The messages of [`proto`](crate::proto) are taken as they are, unchecked.
#[diagnostic::on_unimplemented(
    message = "a `{K}` handler can't return `{Self}`",
    label = "not a reply to `{K}` events",
    note = "connect returns `reply::Connect`, refresh `reply::Refresh`, subscribe `reply::Subscribe`, publish `reply::Publish`, sub_refresh `reply::SubRefresh`, rpc `Json<T>`, `Data`, `Protobuf<T>` or `()`, notify_channel_state `()`, notify_cache_empty `reply::CacheEmpty` or `()`, map_publish `reply::MapPublish`, map_remove `reply::MapRemove`, shared_poll_refresh `reply::SharedPoll`, subscribe_stream `reply::Stream`; each its result message, or a `Result` of one"
)]
pub trait IntoReply<K: EventKind>: Sized {
    #[doc(hidden)]
    const REPLY: Reply<K, Self> = Reply::INTO;

    /// The result of the answer, and for a stream what follows it.
    ///
    /// # Errors
    ///
    /// What the client gets instead.
    fn into_reply(self, client: Protocol) -> Result<K::Reply, Error>;
}

impl<K: EventKind, R: IntoReply<K>, E: ReplyError> IntoReply<K> for Result<R, E> {
    fn into_reply(self, client: Protocol) -> Result<K::Reply, Error> {
        self.map_err(E::into_error)?.into_reply(client)
    }
}
