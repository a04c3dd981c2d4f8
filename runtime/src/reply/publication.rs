//! Publications of a stream.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use centrifugo_proto::proxy;
use serde::Serialize;

use super::payload::Payload;
use super::untyped::Untyped;
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
#[must_use]
pub struct Publication<T = Untyped> {
    message: proxy::Publication,
    data: Payload,
    data_type: PhantomData<fn() -> T>,
}

impl<T: Serialize> Publication<T> {
    /// Creates a publication for the stream of a channel type.
    pub fn typed(data: &T) -> Self {
        Self::new(Payload::json(data))
    }
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
}

impl<T> Publication<T> {
    fn new(data: Payload) -> Self {
        Self {
            message: proxy::Publication::default(),
            data,
            data_type: PhantomData,
        }
    }

    /// Adds a tag.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.message.tags.insert(key.into(), value.into());
        self
    }
}

impl<T> Clone for Publication<T> {
    fn clone(&self) -> Self {
        Self {
            message: self.message.clone(),
            data: self.data.clone(),
            data_type: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Publication<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publication")
            .field("message", &self.message)
            .field("data", &self.data)
            .finish()
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

impl<T> IntoPublication for Publication<T> {
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

/// A type that the stream of a channel type with `publication = T` can yield.
#[diagnostic::on_unimplemented(
    message = "a stream of `{T}` can't publish `{Self}`",
    label = "not the `publication` of the channel type",
    note = "it can publish `{T}`, `Json` of it, `reply::Publication::typed(..)` of it, and a `Result` of these"
)]
pub trait IntoTypedPublication<T> {
    /// Converts the value into a publication.
    ///
    /// # Errors
    ///
    /// An error ends the stream as a failure, and the client subscribes again.
    fn into_typed_publication(self, client: Protocol) -> Result<proxy::Publication, Error>;
}

impl<T: Serialize> IntoTypedPublication<T> for T {
    fn into_typed_publication(self, client: Protocol) -> Result<proxy::Publication, Error> {
        Publication::json(&self).into_publication(client)
    }
}

impl<T: Serialize> IntoTypedPublication<T> for Json<T> {
    fn into_typed_publication(self, client: Protocol) -> Result<proxy::Publication, Error> {
        self.into_publication(client)
    }
}

impl<T> IntoTypedPublication<T> for Publication<T> {
    fn into_typed_publication(self, client: Protocol) -> Result<proxy::Publication, Error> {
        self.into_publication(client)
    }
}

// One implementation for every `Result` would overlap with the one for `T`, since a `Result` can be serialized too.
#[diagnostic::do_not_recommend]
impl<T: Serialize, E: ReplyError> IntoTypedPublication<T> for Result<T, E> {
    fn into_typed_publication(self, client: Protocol) -> Result<proxy::Publication, Error> {
        self.map_err(E::into_error)?.into_typed_publication(client)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize, E: ReplyError> IntoTypedPublication<T> for Result<Json<T>, E> {
    fn into_typed_publication(self, client: Protocol) -> Result<proxy::Publication, Error> {
        self.map_err(E::into_error)?.into_publication(client)
    }
}

#[diagnostic::do_not_recommend]
impl<T, E: ReplyError> IntoTypedPublication<T> for Result<Publication<T>, E> {
    fn into_typed_publication(self, client: Protocol) -> Result<proxy::Publication, Error> {
        self.map_err(E::into_error)?.into_publication(client)
    }
}
