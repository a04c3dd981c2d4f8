//! The channel or the method that the event is for.

use crate::event::{HasChannel, HasMethod};
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// The channel of the event, with its namespace: `chat:1`. Derefs to `str`.
///
/// It is always there, so it can't fail, and there is no `Option<Channel>`. To take a part of it, name that in the
/// pattern.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Channel, reply};
///
/// #[centrifugo::subscribe(channel = "news:*")]
/// fn news(channel: Channel) -> reply::Subscribe {
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Channel(pub String);

/// The method of the rpc, as the client named it. Derefs to `str`.
///
/// It is always there, so it can't fail, and there is no `Option<Method>`.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Json, Method};
///
/// #[centrifugo::rpc("math/*")]
/// fn math(method: Method, Json((a, b)): Json<(i64, i64)>) -> Json<i64> {
///     Json(if method.ends_with("/min") { a.min(b) } else { a.max(b) })
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("math/min").json(&(1, 2)).await.json::<i64>()?, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Method(pub String);

impl<K: HasChannel> FromEvent<K> for Channel {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Self(event.channel().to_owned())))
    }
}

impl<K: HasMethod> FromEvent<K> for Method {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Self(event.target().to_owned())))
    }
}

text!(Channel);

text!(Method);
