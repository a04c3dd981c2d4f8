//! Attributes for the events of a channel.

/// Answers the subscription to a channel.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, UserId, reply};
///
/// #[centrifugo::subscribe(channel = "chat:{room}")]
/// async fn join(room: u32, user: UserId) -> Result<reply::Subscribe, Error> {
///     if room == 13 {
///         return Err(Error::permission_denied());
///     }
///     Ok(reply::Subscribe::allow().data(&format!("welcome to {room}")).info(&*user).presence(true))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert!(t.subscribe("chat:1").user("ann").await.result().is_some());
/// assert_eq!(t.subscribe("chat:13").user("ann").await.client_sees(), "error 103: permission denied");
/// // Not a number: no channel of ours.
/// assert_eq!(t.subscribe("chat:x").user("ann").await.client_sees(), "error 102: unknown channel");
/// // No handler: never allowed by accident.
/// assert_eq!(t.subscribe("news").user("ann").await.client_sees(), "error 103: permission denied");
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
/// A subscribe event has also [`UserId`](crate::UserId), [`Channel`](crate::Channel), [`Json`](crate::Json),
/// [`Data`](crate::Data), [`Connection`](crate::Connection), [`Meta`](crate::Meta) and [`Labels`](crate::extract::Labels).
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
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// Centrifugo asks only for channels of namespaces with `subscribe_proxy_enabled`. `()` is no answer: a handler that
/// returns early must not allow by accident.
pub use centrifugo_macros::subscribe;

/// Answers the publication of a client into a channel: lets it through, changed or not, or refuses it.
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
/// fn say(user: UserId, Json(line): Json<Line>) -> Result<reply::Publish, Error> {
///     let text = line.text.trim().to_owned();
///     if text.is_empty() {
///         return Err(Error::bad_request());
///     }
///     Ok(reply::Publish::allow().data(&Line { text }).tag("by", &*user))
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
/// - `channel = ".."`: the pattern of the channels that it answers for. Required.
#[doc = include_str!("../../docs/attribute/arguments.md")]
///
#[doc = include_str!("../../docs/attribute/pattern.md")]
///
#[doc = include_str!("../../docs/attribute/takes.md")]
///
/// A publish event has also [`UserId`](crate::UserId), [`Channel`](crate::Channel), [`Json`](crate::Json),
/// [`Data`](crate::Data), [`Connection`](crate::Connection), [`Meta`](crate::Meta) and [`Labels`](crate::extract::Labels).
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`reply::Publish`](crate::reply::Publish), or the message [`PublishResult`](crate::proto::proxy::PublishResult).
/// Without data of its own the client's goes through as it is.
///
#[doc = include_str!("../../docs/attribute/errors.md")]
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// Centrifugo asks only for channels of namespaces with `publish_proxy_enabled`. What the backend publishes itself does
/// not come here.
pub use centrifugo_macros::publish;

/// Answers for a subscription that is about to expire: how long it goes on, or that it ends.
///
/// Asked for subscriptions whose [`reply::Subscribe`](crate::reply::Subscribe) said when they expire, each time that
/// this is due.
///
/// # Example
///
/// ```standalone_crate
/// use std::time::Duration;
/// use centrifugo::testing::TestClient;
/// use centrifugo::{UserId, reply};
///
/// #[centrifugo::sub_refresh(channel = "trial:*")]
/// fn trial(user: UserId) -> reply::SubRefresh {
///     match &*user {
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
/// - `channel = ".."`: the pattern of the channels that it answers for. Required.
#[doc = include_str!("../../docs/attribute/arguments.md")]
///
#[doc = include_str!("../../docs/attribute/pattern.md")]
///
#[doc = include_str!("../../docs/attribute/takes.md")]
///
/// A sub_refresh event has also [`UserId`](crate::UserId), [`Channel`](crate::Channel),
/// [`Connection`](crate::Connection), [`Meta`](crate::Meta) and [`Labels`](crate::extract::Labels).
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`reply::SubRefresh`](crate::reply::SubRefresh), or the message
/// [`SubRefreshResult`](crate::proto::proxy::SubRefreshResult), whose `expire_at` must be set: without it Centrifugo
/// never asks again.
///
#[doc = include_str!("../../docs/attribute/errors.md")]
/// As with [`refresh`](macro@crate::refresh): what is temporary or internal gives 60 s of grace, any other error and a
/// disconnect end the subscription.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// Centrifugo asks only for channels of namespaces with `sub_refresh_proxy_enabled`.
pub use centrifugo_macros::sub_refresh;

/// Answers the subscription to a channel, and then sends its publications as a stream: one way, or both.
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
/// - `channel = ".."`: the pattern of the channels that it answers for. Required.
#[doc = include_str!("../../docs/attribute/arguments.md")]
///
/// The time limit covers the decision alone; the stream lives as long as the subscription.
///
#[doc = include_str!("../../docs/attribute/pattern.md")]
///
#[doc = include_str!("../../docs/attribute/takes.md")]
///
/// A subscribe_stream event has also what a [`subscribe`](macro@crate::subscribe) event has, and
/// [`Incoming`](crate::extract::Incoming): what the client publishes, in a two-way stream.
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`reply::Stream`](crate::reply::Stream): the answer to the subscription, and the publications that follow.
///
#[doc = include_str!("../../docs/attribute/errors.md")]
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// Over gRPC only: neither RoadRunner nor the HTTP endpoint delivers it. Centrifugo opens streams for namespaces with
/// `subscribe_stream_proxy_enabled`, two-way ones with `subscribe_stream_proxy_bidirectional` beside it.
pub use centrifugo_macros::subscribe_stream;
