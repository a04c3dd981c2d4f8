//! Documentation of the attribute for channel types.

/// Makes a struct a channel type, which stands for a family of channels.
///
/// The attribute says what the channels are called, what is published to them, and which options their namespace has in
/// Centrifugo. Handlers, calls of the server API and the printed configuration use it; see
/// [the guide](crate::guide::channel_types).
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{ChannelType, Json, reply};
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Line {
///     text: String,
/// }
///
/// /// A room of the chat.
/// #[centrifugo::channel("chat:{room}", publication = Line, presence, history_size = 100, history_ttl = "1h")]
/// struct Chat {
///     room: u32,
/// }
///
/// #[centrifugo::subscribe(channel = Chat)]
/// fn join(chat: Chat) -> reply::Subscribe {
///     reply::Subscribe::allow().data(&chat.room)
/// }
///
/// #[centrifugo::publish(channel = Chat)]
/// fn say(Json(line): Json<Line>) -> reply::Publish<Line> {
///     reply::Publish::typed(&line)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// assert_eq!(Chat { room: 7 }.to_channel()?, "chat:7");
/// assert_eq!("chat:7".parse::<Chat>()?.room, 7);
///
/// let t = TestClient::builder().build().await?;
/// let answer = t.subscribe("chat:7").await;
/// assert_eq!(answer.result().map(|result| &result.data[..]), Some(&b"7"[..]));
/// let answer = t.publish("chat:7").json(&"no line").await;
/// assert_eq!(answer.client_sees(), "error 107: bad request");
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
/// - The pattern of the channels (required). It comes first and has no key. Its names are the fields of the struct, and
///   it has no `*`, since no field would have the text.
/// - `publication = T`: what is published to the channels. `T` implements `Serialize` and `DeserializeOwned`.
/// - `item = T`: what the keys of map or shared poll channels hold.
/// - Every [option of a namespace](https://centrifugal.dev/docs/server/channels#channel-options) of Centrifugo 6.9 under
///   its own name: `presence`, `history_size = 100`, `history_ttl = "1h"`, `map.mode = "ephemeral"`. The options of
///   proxies are not written: they follow from the handlers.
/// - `crate = path`: the path of the `centrifugo` crate, if the dependency is renamed.
///
#[doc = include_str!("../../docs/attribute/pattern.md")]
///
/// # What the struct implements
///
/// - [`ChannelType`](crate::ChannelType), whose `to_channel` writes the channel. The fields implement
///   [`Display`](std::fmt::Display).
/// - [`FromStr`](std::str::FromStr), which reads a channel. The fields implement
///   [`FromParam`](trait@crate::FromParam).
/// - [`Display`](std::fmt::Display), which writes the channel, or nothing if a field does not fit the pattern.
/// - [`FromEvent`](trait@crate::FromEvent) for all events of a channel. A channel that does not fit is answered with
///   error 102 (unknown channel).
///
/// # Limits
///
/// The struct has named fields or none, and no generic parameters.
pub use centrifugo_macros::channel;
