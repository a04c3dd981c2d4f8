//! Documentation of the attributes for map and shared poll channels.

/// Registers a function that allows, changes or refuses publishing a key to a map channel.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::extract::MapKey;
/// use centrifugo::{Error, Json, UserId, reply};
///
/// // Each user may move only their own cursor, and not off the page.
/// #[centrifugo::map_publish(channel = "cursors:{page}")]
/// fn cursor(
///     page: u32,
///     UserId(user): UserId,
///     MapKey(key): MapKey,
///     Json((x, y)): Json<(i32, i32)>,
/// ) -> Result<reply::MapPublish, Error> {
///     if user != key {
///         return Err(Error::permission_denied());
///     }
///     Ok(reply::MapPublish::allow().data(&(x.max(0), y.max(0))).tag("page", page.to_string()))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let answer = t.map_publish("cursors:1", "ann").user("ann").json(&(-3, 4)).await;
/// assert_eq!(answer.result().map(|result| &result.data[..]), Some(&b"[0,4]"[..]));
/// let answer = t.map_publish("cursors:1", "bob").user("ann").json(&(1, 1)).await;
/// assert_eq!(answer.client_sees(), "error 103: permission denied");
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
/// A map_publish event also offers [`UserId`](crate::UserId), [`Channel`](crate::Channel),
/// [`MapKey`](crate::extract::MapKey), [`Json`](crate::Json), [`Data`](crate::Data), [`Connection`](crate::Connection),
/// [`Meta`](crate::Meta) and [`Labels`](crate::extract::Labels).
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`reply::MapPublish`](crate::reply::MapPublish), or the message
/// [`MapPublishResult`](crate::proto::proxy::MapPublishResult).
///
#[doc = include_str!("../../docs/attribute/errors.md")]
///
/// # Centrifugo configuration
///
/// Set `"subscription_type": "map"`, `map.mode`, `map.key_ttl` and `map.publish_proxy_enabled` for the namespace; see
/// [Centrifugo's documentation](https://centrifugal.dev/docs/server/map_subscriptions). RoadRunner does not deliver
/// these events: at start a worker logs a warning that names the handler.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
pub use centrifugo_macros::map_publish;

/// Registers a function that allows or refuses removing a key from a map channel.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::extract::MapKey;
/// use centrifugo::{Error, UserId, reply};
///
/// #[centrifugo::map_remove(channel = "cursors:*")]
/// fn leave(UserId(user): UserId, MapKey(key): MapKey) -> Result<reply::MapRemove, Error> {
///     if user != key {
///         return Err(Error::permission_denied());
///     }
///     Ok(reply::MapRemove::allow())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert!(t.map_remove("cursors:1", "ann").user("ann").await.result().is_some());
/// let answer = t.map_remove("cursors:1", "bob").user("ann").await;
/// assert_eq!(answer.client_sees(), "error 103: permission denied");
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
/// A map_remove event also offers [`UserId`](crate::UserId), [`Channel`](crate::Channel),
/// [`MapKey`](crate::extract::MapKey), [`Connection`](crate::Connection), [`Meta`](crate::Meta) and
/// [`Labels`](crate::extract::Labels).
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`reply::MapRemove`](crate::reply::MapRemove), or the message
/// [`MapRemoveResult`](crate::proto::proxy::MapRemoveResult).
///
#[doc = include_str!("../../docs/attribute/errors.md")]
///
/// # Centrifugo configuration
///
/// Set `"subscription_type": "map"`, `map.mode`, `map.key_ttl` and `map.remove_proxy_enabled` for the namespace; see
/// [Centrifugo's documentation](https://centrifugal.dev/docs/server/map_subscriptions). RoadRunner does not deliver
/// these events: at start a worker logs a warning that names the handler.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
pub use centrifugo_macros::map_remove;

/// Registers a function that returns the current items of a shared poll channel.
///
/// Centrifugo polls once for all subscribers of the channel.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::proto::proxy::SharedPollRefreshRequest;
/// use centrifugo::reply;
/// use centrifugo::testing::TestClient;
///
/// #[centrifugo::shared_poll_refresh(channel = "prices:*")]
/// async fn prices(request: SharedPollRefreshRequest) -> reply::SharedPoll {
///     request.items.iter().fold(reply::SharedPoll::new(), |reply, item| match item.key.as_str() {
///         "gold" => reply.item("gold", 7, &2400),
///         gone => reply.removed(gone),
///     })
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let answer = t.shared_poll_refresh("prices:metal", [("gold", 6), ("lead", 1)]).await;
/// let items = &answer.result().ok_or("no result")?.items;
/// assert_eq!((items[0].version, &items[0].data[..]), (7, &b"2400"[..]));
/// assert!(items[1].removed);
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
/// A shared_poll_refresh event also offers [`Channel`](crate::Channel). It does not come from a client, so it has
/// neither a user nor data. Its message, [`SharedPollRefreshRequest`](crate::proto::proxy::SharedPollRefreshRequest),
/// lists the items to return.
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`reply::SharedPoll`](crate::reply::SharedPoll), or the message
/// [`SharedPollRefreshResult`](crate::proto::proxy::SharedPollRefreshResult).
///
#[doc = include_str!("../../docs/attribute/errors.md")]
/// A disconnect is answered as an internal error, since there is no client to disconnect.
///
/// # Centrifugo configuration
///
/// Set `"subscription_type": "shared_poll"` for the namespace, and `shared_poll.hmac_secret_key`, without which
/// Centrifugo does not start; see [Centrifugo's documentation](https://centrifugal.dev/docs/server/shared_poll). A
/// client sends a signature of the keys that it tracks, which
/// [`SharedPollSignature`](crate::token::SharedPollSignature) creates (feature `token`). RoadRunner does not deliver
/// these events: at start a worker logs a warning that names the handler.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
pub use centrifugo_macros::shared_poll_refresh;
