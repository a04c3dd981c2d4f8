//! The `Channel` extractor.

use crate::event::HasChannel;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// The channel of the event with its namespace, such as `chat:1`. Derefs to `str`.
///
/// Every event of a channel has one, so extraction never fails and there is no `Option<Channel>`. To extract a part of
/// the channel, use a `{name}` in the handler's pattern.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Channel, reply};
///
/// #[centrifugo::subscribe(channel = "news:*")]
/// fn news(Channel(channel): Channel) -> reply::Subscribe {
///     reply::Subscribe::allow().data(&channel.strip_prefix("news:"))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let answer = t.subscribe("news:sport").await;
/// assert_eq!(answer.result().map(|result| &result.data[..]), Some(&br#""sport""#[..]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Channel(pub String);

impl<K: HasChannel> FromEvent<K> for Channel {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Self(event.channel().to_owned())))
    }
}

text_newtype!(Channel);
