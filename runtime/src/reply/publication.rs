//! Publications of a stream.

use bytes::Bytes;
use centrifugo_proto::proxy;
use serde::Serialize;

use super::payload::Payload;
use crate::error::{Error, ReplyError};
use crate::extract::{Data, Json};
use crate::handler::Protocol;

/// A publication that a stream sends to its client, with tags.
///
/// A stream can also yield [`Json`](crate::Json), [`Data`], and a `Result` of these. An error ends the stream as a
/// failure.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::reply::{self, Publication};
///
/// #[centrifugo::subscribe_stream(channel = "price:gold")]
/// fn gold() -> reply::Stream {
///     let prices = [2400, 2401].map(|price| Publication::json(&price).tag("currency", "USD"));
///     reply::Stream::new(reply::Subscribe::allow(), tokio_stream::iter(prices))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let mut stream = t.subscribe_stream("price:gold").open_one_way().await;
/// let first = stream.next().await.ok_or("no publication")?;
/// assert_eq!((&first.data[..], first.tags["currency"].as_str()), (&b"2400"[..], "USD"));
/// assert_eq!(stream.next_json::<u32>().await?, 2401);
/// assert!(stream.next().await.is_none());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Publication {
    message: proxy::Publication,
    data: Payload,
}

impl Publication {
    /// Creates a publication of JSON. A value that can't be serialized ends the stream as a failure.
    pub fn json<T: Serialize + ?Sized>(data: &T) -> Self {
        Self::new(Payload::json(data))
    }

    /// Creates a publication of bytes.
    ///
    /// If the client uses the JSON protocol, bytes that are not JSON end the stream as a failure, because Centrifugo
    /// would disconnect the client permanently.
    pub fn bytes(data: impl Into<Bytes>) -> Self {
        Self::new(Payload::bytes(data.into(), false))
    }

    fn new(data: Payload) -> Self {
        Self {
            message: proxy::Publication::default(),
            data,
        }
    }

    /// Adds a tag.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.message.tags.insert(key.into(), value.into());
        self
    }
}

/// A type that a stream of publications can yield.
#[diagnostic::on_unimplemented(
    message = "a stream can't publish `{Self}`",
    label = "not a publication",
    note = "it can publish `reply::Publication`, `Json<T>`, `Data`, and a `Result` of these"
)]
pub trait IntoPublication {
    /// Converts the value into a publication.
    ///
    /// # Errors
    ///
    /// An error ends the stream as a failure, and the client subscribes again.
    fn into_publication(self, client: Protocol) -> Result<proxy::Publication, Error>;
}

impl IntoPublication for Publication {
    fn into_publication(self, client: Protocol) -> Result<proxy::Publication, Error> {
        let mut message = self.message;
        message.data = self.data.finish("data", client)?;
        Ok(message)
    }
}

impl<T: Serialize> IntoPublication for Json<T> {
    fn into_publication(self, client: Protocol) -> Result<proxy::Publication, Error> {
        Publication::json(&self.0).into_publication(client)
    }
}

// The data is checked like other bytes, because it may come from another client.
impl IntoPublication for Data {
    fn into_publication(self, client: Protocol) -> Result<proxy::Publication, Error> {
        Publication::bytes(self.into_bytes()).into_publication(client)
    }
}

impl IntoPublication for proxy::Publication {
    fn into_publication(self, _: Protocol) -> Result<proxy::Publication, Error> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<P: IntoPublication, E: ReplyError> IntoPublication for Result<P, E> {
    fn into_publication(self, client: Protocol) -> Result<proxy::Publication, Error> {
        self.map_err(E::into_error)?.into_publication(client)
    }
}
