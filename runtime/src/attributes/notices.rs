//! Documentation of the attributes for notifications and for undecodable events.

/// Registers the function that receives channel state notifications (Centrifugo PRO).
///
/// A notification says that a channel got its first subscriber (`occupied`) or lost its last one (`vacated`).
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
/// The changes are in its message, [`NotifyChannelStateRequest`](crate::proto::proxy::NotifyChannelStateRequest). The
/// event does not come from a client, so it has neither a user nor data.
///
/// # Return value
///
/// `()`, or the message [`NotifyChannelStateResult`](crate::proto::proxy::NotifyChannelStateResult).
///
#[doc = include_str!("../../docs/attribute/errors.md")]
/// Centrifugo repeats a failed notification until it succeeds. Handlers therefore see repetitions, and a permanent
/// error is repeated forever. A disconnect is answered as an internal error, since there is no client to disconnect.
///
/// # Centrifugo configuration
///
/// See [Centrifugo's documentation](https://centrifugal.dev/docs/pro/event_hooks#channel-state-events). The open-source
/// server does not send these notifications.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// A program has at most one such handler. Without one, notifications are acknowledged, and a warning is logged once.
pub use centrifugo_macros::notify_channel_state;

/// Registers a function that fills an empty channel in cache recovery mode (Centrifugo PRO).
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::reply;
/// use centrifugo::testing::TestClient;
///
/// #[centrifugo::notify_cache_empty(channel = "board:{id}")]
/// async fn fill(id: u32) -> reply::CacheEmpty {
///     // Publish the board to the channel here, through the server API.
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
/// - `channel = ".."` (required): the pattern of the channels that the function handles, or a
///   [channel type](macro@crate::channel).
#[doc = include_str!("../../docs/attribute/arguments.md")]
///
#[doc = include_str!("../../docs/attribute/pattern.md")]
///
#[doc = include_str!("../../docs/attribute/takes.md")]
///
/// A notify_cache_empty event also offers [`Channel`](crate::Channel). It does not come from a client, so it has
/// neither a user nor data.
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`reply::CacheEmpty`](crate::reply::CacheEmpty), `()` for "not populated", or the message
/// [`NotifyCacheEmptyResult`](crate::proto::proxy::NotifyCacheEmptyResult).
///
#[doc = include_str!("../../docs/attribute/errors.md")]
/// The answer has no field for an error, so every error fails the call.
///
/// # Centrifugo configuration
///
/// See [Centrifugo's documentation](https://centrifugal.dev/docs/pro/event_hooks#cache-empty-events). RoadRunner
/// delivers this event from version 3 on.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
pub use centrifugo_macros::notify_cache_empty;

/// Registers the function that is called for an event that cannot be decoded.
///
/// Such an event has an unknown type, or a body or a context that cannot be decoded. The caller receives a failure
/// whether or not the function exists, and the program goes on.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::extract::Invalid;
///
/// #[centrifugo::invalid]
/// fn invalid(invalid: Invalid) {
///     let kind = invalid.kind.map_or("unknown", |kind| kind.name());
///     eprintln!("undecodable event ({kind}): {}", invalid.reason);
/// }
/// # fn main() {}
/// ```
///
/// # Attribute arguments
///
/// - `crate = path`: the path of the `centrifugo` crate, if the dependency is renamed.
///
/// # Function arguments
///
/// [`Invalid`](crate::extract::Invalid) and [`State`](struct@crate::State)s.
///
/// # Return value
///
/// `()`.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// A program has at most one such function.
pub use centrifugo_macros::invalid;
