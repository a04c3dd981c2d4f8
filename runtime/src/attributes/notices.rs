//! Attributes for notices of Centrifugo, and for events that can't be read.

/// Takes notice of channels that became occupied or vacated (Centrifugo PRO).
///
/// # Example
///
/// ```standalone_crate
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use centrifugo::State;
/// use centrifugo::proto::proxy::{ChannelEvent, NotifyChannelStateRequest};
/// use centrifugo::testing::TestClient;
///
/// struct Occupied(AtomicUsize);
///
/// #[centrifugo::notify_channel_state]
/// async fn channel_state(request: NotifyChannelStateRequest, State(occupied): State<Occupied>) {
///     let count = request.events.iter().filter(|event| event.r#type == "occupied").count();
///     occupied.0.fetch_add(count, Ordering::Relaxed);
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().state(Occupied(AtomicUsize::new(0))).build().await?;
/// let event = ChannelEvent { channel: "chat:1".into(), r#type: "occupied".into(), ..Default::default() };
/// let answer = t.notify_channel_state(vec![event]).await;
/// assert!(answer.result().is_some());
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
#[doc = include_str!("../../docs/attribute/arguments.md")]
///
#[doc = include_str!("../../docs/attribute/takes.md")]
///
/// What happened is in its message, [`NotifyChannelStateRequest`](crate::proto::proxy::NotifyChannelStateRequest). No
/// client is behind it: it has neither user nor data.
///
/// # Return value
///
/// `()`, or the message [`NotifyChannelStateResult`](crate::proto::proxy::NotifyChannelStateResult).
///
#[doc = include_str!("../../docs/attribute/errors.md")]
/// Centrifugo repeats a notice that failed until it succeeds, so handlers see repeats, and an error that always comes
/// back repeats for ever. There is nobody to disconnect: a disconnect is answered as an internal error.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// One per program; without one, notices are answered with success, and one warning says so.
pub use centrifugo_macros::notify_channel_state;

/// Fills a channel that has nothing to show, in cache recovery mode (Centrifugo PRO).
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::reply;
/// use centrifugo::testing::TestClient;
///
/// #[centrifugo::notify_cache_empty(channel = "board:{id}")]
/// async fn fill(id: u32) -> reply::CacheEmpty {
///     // Here the board is published into the channel, by Centrifugo's server API.
///     if id == 1 { reply::CacheEmpty::populated() } else { reply::CacheEmpty::not_populated() }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert!(t.notify_cache_empty("board:1").await.result().is_some_and(|result| result.populated));
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
/// - `channel = ".."`: the pattern of the channels that it answers for. Required.
#[doc = include_str!("../../docs/attribute/arguments.md")]
///
#[doc = include_str!("../../docs/attribute/pattern.md")]
///
#[doc = include_str!("../../docs/attribute/takes.md")]
///
/// A notify_cache_empty event has also [`Channel`](crate::Channel). No client is behind it: it has neither user nor
/// data.
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`reply::CacheEmpty`](crate::reply::CacheEmpty), `()` for «not populated», or the message
/// [`NotifyCacheEmptyResult`](crate::proto::proxy::NotifyCacheEmptyResult).
///
#[doc = include_str!("../../docs/attribute/errors.md")]
/// Its answer has no place for an error: each is a failure.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// RoadRunner delivers it from version 3 on.
pub use centrifugo_macros::notify_cache_empty;

/// Takes notice of an event that could not be read: of an unknown type, or with a body or a context that does not
/// decode.
///
/// The caller gets a failure whether there is such a function or not, and the program lives on.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::extract::Invalid;
///
/// #[centrifugo::invalid]
/// fn invalid(invalid: Invalid) {
///     let kind = invalid.kind.map_or("unknown", |kind| kind.name());
///     eprintln!("an event ({kind}) can't be read: {}", invalid.reason);
/// }
/// # fn main() {}
/// ```
///
/// # Attribute arguments
///
/// - `crate = path`: where `centrifugo` is, for a renamed dependency.
///
/// # Function arguments
///
/// [`Invalid`](crate::extract::Invalid) and [`State`](struct@crate::State)s.
///
/// # Return value
///
/// None.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// One per program.
pub use centrifugo_macros::invalid;
