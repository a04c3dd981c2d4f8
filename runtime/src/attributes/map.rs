//! Attributes for map channels and shared poll channels.

/// Answers the publication of a key into a map channel.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::extract::MapKey;
/// use centrifugo::{Error, Json, UserId, reply};
///
/// // Each user moves their own cursor, and stays on the page.
/// #[centrifugo::map_publish(channel = "cursors:{page}")]
/// fn cursor(page: u32, user: UserId, key: MapKey, Json((x, y)): Json<(i32, i32)>) -> Result<reply::MapPublish, Error> {
///     if *user != *key {
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
/// - `channel = ".."`: the pattern of the channels that it answers for. Required.
#[doc = include_str!("../../docs/attribute/arguments.md")]
///
#[doc = include_str!("../../docs/attribute/pattern.md")]
///
#[doc = include_str!("../../docs/attribute/takes.md")]
///
/// A map_publish event has also [`UserId`](crate::UserId), [`Channel`](crate::Channel), [`MapKey`](crate::extract::MapKey),
/// [`Json`](crate::Json), [`Data`](crate::Data), [`Connection`](crate::Connection), [`Meta`](crate::Meta) and
/// [`Labels`](crate::extract::Labels).
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
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// RoadRunner does not deliver it: a warning at start names such a handler there. Centrifugo asks for namespaces with
/// `"subscription_type": "map"`, a `map.mode`, a `map.key_ttl` and `map.publish_proxy_enabled`; what it then tells the
/// client stands at [`reply::MapPublish`](crate::reply::MapPublish).
pub use centrifugo_macros::map_publish;

/// Answers the removal of a key from a map channel.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::extract::MapKey;
/// use centrifugo::{Error, UserId, reply};
///
/// #[centrifugo::map_remove(channel = "cursors:*")]
/// fn leave(user: UserId, key: MapKey) -> Result<reply::MapRemove, Error> {
///     if *user != *key {
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
/// - `channel = ".."`: the pattern of the channels that it answers for. Required.
#[doc = include_str!("../../docs/attribute/arguments.md")]
///
#[doc = include_str!("../../docs/attribute/pattern.md")]
///
#[doc = include_str!("../../docs/attribute/takes.md")]
///
/// A map_remove event has also [`UserId`](crate::UserId), [`Channel`](crate::Channel), [`MapKey`](crate::extract::MapKey),
/// [`Connection`](crate::Connection), [`Meta`](crate::Meta) and [`Labels`](crate::extract::Labels).
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
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// RoadRunner does not deliver it: a warning at start names such a handler there. Centrifugo asks for namespaces with
/// `"subscription_type": "map"`, a `map.mode`, a `map.key_ttl` and `map.remove_proxy_enabled`.
pub use centrifugo_macros::map_remove;

/// Says what the items of a shared poll channel are now: Centrifugo asks once for all subscribers.
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
/// - `channel = ".."`: the pattern of the channels that it answers for. Required.
#[doc = include_str!("../../docs/attribute/arguments.md")]
///
#[doc = include_str!("../../docs/attribute/pattern.md")]
///
#[doc = include_str!("../../docs/attribute/takes.md")]
///
/// A shared_poll_refresh event has also [`Channel`](crate::Channel). No client is behind it: it has neither user nor
/// data. Which items are due is in its message,
/// [`SharedPollRefreshRequest`](crate::proto::proxy::SharedPollRefreshRequest).
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`reply::SharedPoll`](crate::reply::SharedPoll), or the message
/// [`SharedPollRefreshResult`](crate::proto::proxy::SharedPollRefreshResult).
///
#[doc = include_str!("../../docs/attribute/errors.md")]
/// There is nobody to disconnect: a disconnect is answered as an internal error.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// RoadRunner does not deliver it: a warning at start names such a handler there. Centrifugo asks for namespaces with
/// `"subscription_type": "shared_poll"`, and does not start with one without `shared_poll.hmac_secret_key`. A client shows a
/// signature of the keys that it asks for: [`SharedPollSignature`](crate::token::SharedPollSignature) makes it (feature `token`).
pub use centrifugo_macros::shared_poll_refresh;
