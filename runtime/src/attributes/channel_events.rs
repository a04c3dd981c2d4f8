//! Documentation of the attributes for channel events.

/// Registers a function that decides whether a client may subscribe to a channel.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, UserId, reply};
///
/// #[centrifugo::subscribe(channel = "chat:{room}")]
/// async fn join(room: u32, UserId(user): UserId) -> Result<reply::Subscribe, Error> {
///     if room == 13 {
///         return Err(Error::permission_denied());
///     }
///     Ok(reply::Subscribe::allow().data(&format!("welcome to {room}")).info(&user).presence(true))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert!(t.subscribe("chat:1").user("ann").await.result().is_some());
/// assert_eq!(t.subscribe("chat:13").user("ann").await.client_sees(), "error 103: permission denied");
/// // `{room}` is not a number.
/// assert_eq!(t.subscribe("chat:x").user("ann").await.client_sees(), "error 102: unknown channel");
/// // A channel without a handler is refused.
/// assert_eq!(t.subscribe("news").user("ann").await.client_sees(), "error 103: permission denied");
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
/// A subscribe event also offers [`UserId`](crate::UserId), [`Channel`](crate::Channel), [`Json`](crate::Json),
/// [`Data`](crate::Data), [`Connection`](crate::Connection), [`Meta`](crate::Meta) and
/// [`Labels`](crate::extract::Labels).
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`reply::Subscribe`](crate::reply::Subscribe), or the message
/// [`SubscribeResult`](crate::proto::proxy::SubscribeResult).
///
#[doc = include_str!("../../docs/attribute/errors.md")]
///
/// `()` is not a valid return value, so that a handler that returns early does not allow a subscription by accident.
///
/// # Centrifugo configuration
///
/// Centrifugo calls the handler for channels of namespaces with `subscribe_proxy_enabled`; see
/// [Centrifugo's documentation](https://centrifugal.dev/docs/server/proxy#subscribe-proxy). It does not call it for a
/// subscription with a token, for a private channel (`$`), or for a user's own user-limited channel (`#`).
///
#[doc = include_str!("../../docs/attribute/limits.md")]
pub use centrifugo_macros::subscribe;

/// Registers a function that allows, changes or refuses a client's publication.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, Json, UserId, reply};
///
/// #[derive(serde::Deserialize, serde::Serialize)]
/// struct Line {
///     text: String,
/// }
///
/// #[centrifugo::publish(channel = "chat:*")]
/// fn say(UserId(user): UserId, Json(line): Json<Line>) -> Result<reply::Publish, Error> {
///     let text = line.text.trim().to_owned();
///     if text.is_empty() {
///         return Err(Error::bad_request());
///     }
///     Ok(reply::Publish::allow().data(&Line { text }).tag("by", user))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let answer = t.publish("chat:1").user("ann").data(r#"{"text":" hi "}"#).await;
/// assert_eq!(answer.result().map(|result| &result.data[..]), Some(&br#"{"text":"hi"}"#[..]));
/// let answer = t.publish("chat:1").user("ann").data(r#"{"text":" "}"#).await;
/// assert_eq!(answer.client_sees(), "error 107: bad request");
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
/// A publish event also offers [`UserId`](crate::UserId), [`Channel`](crate::Channel), [`Json`](crate::Json),
/// [`Data`](crate::Data), [`Connection`](crate::Connection), [`Meta`](crate::Meta) and
/// [`Labels`](crate::extract::Labels).
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`reply::Publish`](crate::reply::Publish), or the message [`PublishResult`](crate::proto::proxy::PublishResult).
/// A reply without data publishes the client's data unchanged.
///
#[doc = include_str!("../../docs/attribute/errors.md")]
///
/// # Centrifugo configuration
///
/// Centrifugo calls the handler for channels of namespaces with `publish_proxy_enabled`; see
/// [Centrifugo's documentation](https://centrifugal.dev/docs/server/proxy#publish-proxy). It does not call it for
/// publications through the [server API](crate::guide::server_api).
///
#[doc = include_str!("../../docs/attribute/limits.md")]
pub use centrifugo_macros::publish;

/// Registers a function that extends or ends an expired subscription.
///
/// Centrifugo calls it for subscriptions whose [`reply::Subscribe`](crate::reply::Subscribe) has an expiration time. It
/// checks them periodically, so the call can come 25 to 52 s after that time; see
/// [the guide](crate::guide::expiration).
///
/// # Example
///
/// ```standalone_crate
/// use std::time::Duration;
/// use centrifugo::testing::TestClient;
/// use centrifugo::{UserId, reply};
///
/// #[centrifugo::sub_refresh(channel = "trial:*")]
/// fn trial(UserId(user): UserId) -> reply::SubRefresh {
///     match user.as_str() {
///         "ann" => reply::SubRefresh::extend_by(Duration::from_secs(60)),
///         _ => reply::SubRefresh::expired(),
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert!(t.sub_refresh("trial:1").user("ann").await.result().is_some_and(|result| !result.expired));
/// assert!(t.sub_refresh("trial:1").user("bob").await.result().is_some_and(|result| result.expired));
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
/// A sub_refresh event also offers [`UserId`](crate::UserId), [`Channel`](crate::Channel),
/// [`Connection`](crate::Connection), [`Meta`](crate::Meta) and [`Labels`](crate::extract::Labels).
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`reply::SubRefresh`](crate::reply::SubRefresh), or the message
/// [`SubRefreshResult`](crate::proto::proxy::SubRefreshResult). Set `expire_at` in that message: without it the
/// subscription never expires again.
///
#[doc = include_str!("../../docs/attribute/errors.md")]
/// As with [`refresh`](macro@crate::refresh), a temporary or internal error extends the subscription by 60 s. Any other
/// error and a disconnect end it.
///
/// # Centrifugo configuration
///
/// Centrifugo calls the handler for channels of namespaces with `sub_refresh_proxy_enabled`; see
/// [Centrifugo's documentation](https://centrifugal.dev/docs/server/proxy#sub-refresh-proxy).
///
#[doc = include_str!("../../docs/attribute/limits.md")]
pub use centrifugo_macros::sub_refresh;

/// Registers a function that answers a subscription and then streams the channel's publications.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::extract::Incoming;
/// use centrifugo::{Error, reply};
/// use tokio_stream::StreamExt;
///
/// #[centrifugo::subscribe_stream(channel = "shout:*")]
/// fn shout(incoming: Incoming) -> reply::Stream {
///     let loud = incoming.map(|publication| {
///         let text: String = publication.json()?;
///         Ok::<_, Error>(reply::Publication::json(&text.to_uppercase()))
///     });
///     reply::Stream::new(reply::Subscribe::allow(), loud)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let mut stream = t.subscribe_stream("shout:1").user("ann").open().await;
/// assert!(stream.answer().result().is_some());
/// stream.send_json("hello");
/// assert_eq!(stream.next_json::<String>().await?, "HELLO");
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
/// The time limit applies until the function returns. The stream then lives as long as the subscription.
///
#[doc = include_str!("../../docs/attribute/pattern.md")]
///
#[doc = include_str!("../../docs/attribute/takes.md")]
///
/// A subscribe_stream event also offers the extractors of a [`subscribe`](macro@crate::subscribe) event, and
/// [`Incoming`](crate::extract::Incoming) for the client's publications in a bidirectional stream, or `Incoming<T>` for their values.
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`reply::Stream`](crate::reply::Stream): the answer to the subscription, and the stream of publications.
///
#[doc = include_str!("../../docs/attribute/errors.md")]
///
/// # Centrifugo configuration
///
/// Centrifugo opens a stream for channels of namespaces with `subscribe_stream_proxy_enabled`, and a bidirectional
/// stream if `subscribe_stream_proxy_bidirectional` is set too; see
/// [Centrifugo's documentation](https://centrifugal.dev/docs/server/proxy_streams). Streams work over gRPC only:
/// neither RoadRunner nor the HTTP endpoint delivers them.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
pub use centrifugo_macros::subscribe_stream;
