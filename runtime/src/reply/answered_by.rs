//! The events that a reply fits.

use crate::error::Error;
use crate::event::EventKind;
use crate::handler::Protocol;

/// Events whose handlers can return an `R`.
///
/// The events implement it rather than the replies, so that the compiler's error messages can list the events that a
/// reply fits.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` handler can't return `{R}`: connect returns `reply::Connect`, refresh `reply::Refresh`, subscribe `reply::Subscribe`, publish `reply::Publish`, sub_refresh `reply::SubRefresh`, rpc `Json<T>`, `Data`, `Protobuf<T>` or `()`, notify_channel_state `()`, notify_cache_empty `reply::CacheEmpty` or `()`, map_publish `reply::MapPublish`, map_remove `reply::MapRemove`, shared_poll_refresh `reply::SharedPoll`, subscribe_stream `reply::Stream`; each its result message, or a `Result` of one"
)]
pub trait AnsweredBy<R>: EventKind {
    /// Converts the reply into the result that Centrifugo gets.
    ///
    /// # Errors
    ///
    /// Returns the error that the client gets instead.
    fn result(reply: R, client: Protocol) -> Result<Self::Reply, Error>;
}
