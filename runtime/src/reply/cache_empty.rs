//! The reply to notify_cache_empty events.

use centrifugo_proto::proxy::NotifyCacheEmptyResult;

use super::reply_traits::NotifyCacheEmptyReply;
use crate::error::Error;
use crate::handler::Protocol;

/// Tells Centrifugo whether the handler filled the channel of a notify_cache_empty event. `()` means that it did not.
///
/// A handler can return a `Result` of it. The response has no field for an error, so every error fails the call.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Channel, reply};
///
/// #[centrifugo::notify_cache_empty(channel = "board:*")]
/// fn fill(Channel(channel): Channel) -> reply::CacheEmpty {
///     if channel == "board:1" {
///         reply::CacheEmpty::populated()
///     } else {
///         reply::CacheEmpty::not_populated()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert!(t.notify_cache_empty("board:1").await.result().is_some_and(|result| result.populated));
/// assert!(t.notify_cache_empty("board:2").await.result().is_some_and(|result| !result.populated));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct CacheEmpty {
    populated: bool,
}

impl CacheEmpty {
    /// Creates a reply for a channel that the handler has filled with a publication.
    pub fn populated() -> Self {
        Self { populated: true }
    }

    /// Creates a reply for a channel that stays empty.
    pub fn not_populated() -> Self {
        Self { populated: false }
    }
}

#[diagnostic::do_not_recommend]
impl NotifyCacheEmptyReply for CacheEmpty {
    fn into_result(self, _: Protocol) -> Result<NotifyCacheEmptyResult, Error> {
        Ok(NotifyCacheEmptyResult {
            populated: self.populated,
        })
    }
}
