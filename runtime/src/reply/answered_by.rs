//! Which events a reply fits.

use super::cache_empty::CacheEmpty;
use super::connect::Connect;
use super::map::{MapPublish, MapRemove};
use super::publish::Publish;
use super::refresh::{Refresh, SubRefresh};
use super::shared_poll::SharedPoll;
use super::stream::Stream;
use super::subscribe::Subscribe;
use crate::error::Error;
use crate::event::{EventKind, OpenedStream};
use crate::extract::Data;
use crate::handler::Protocol;

/// Events that are answered with an `R`.
///
/// Replies are taken by the event that they are for, so that the compiler can say which events those are.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` handler can't return `{R}`: connect returns `reply::Connect`, refresh `reply::Refresh`, subscribe `reply::Subscribe`, publish `reply::Publish`, sub_refresh `reply::SubRefresh`, rpc `Json<T>`, `Data`, `Protobuf<T>` or `()`, notify_channel_state `()`, notify_cache_empty `reply::CacheEmpty` or `()`, map_publish `reply::MapPublish`, map_remove `reply::MapRemove`, shared_poll_refresh `reply::SharedPoll`, subscribe_stream `reply::Stream`; each its result message, or a `Result` of one"
)]
pub trait AnsweredBy<R>: EventKind {
    /// The result of the answer.
    ///
    /// # Errors
    ///
    /// What the client gets instead.
    fn result(reply: R, client: Protocol) -> Result<Self::Reply, Error>;
}

replies!(
    CacheEmpty,
    Connect,
    Data,
    MapPublish,
    MapRemove,
    OpenedStream,
    Publish,
    Refresh,
    SharedPoll,
    Stream,
    SubRefresh,
    Subscribe
);
