//! The `Data` extractor and rpc reply.

use std::ops::Deref;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;

use crate::error::Error;
use crate::event::HasData;
use crate::handler::{Extracted, FromEvent, TypedEvent};
use crate::schema::argument_types;

/// Application data as bytes, and an rpc reply as bytes. Derefs to `[u8]`.
///
/// # As an extractor
///
/// Missing data is zero bytes, and `None` for `Option<Data>`. If the proxy uses binary encoding (`binary_encoding` in
/// Centrifugo), the data is decoded from base64. Data that is not base64 is answered with error 107 (bad request);
/// `Result<Data, Error>` passes the failure to the handler.
///
/// # As a reply
///
/// A client on the protobuf protocol can receive any bytes. A client on the JSON protocol must receive JSON, because
/// Centrifugo would otherwise disconnect it permanently (code 3506). Data from [`Data::new`] is therefore checked, and
/// bytes that are not JSON are an internal error. Data that came from the event is passed on without a check.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::Data;
///
/// #[centrifugo::rpc("echo")]
/// fn echo(data: Data) -> Data {
///     data
/// }
///
/// #[centrifugo::rpc("raw")]
/// fn raw() -> Data {
///     Data::new("not JSON")
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let answer = t.rpc("echo").data(r#"{ "a": 1.0 }"#).await;
/// assert_eq!(answer.result().map(|result| &result.data[..]), Some(&br#"{ "a": 1.0 }"#[..]));
/// assert_eq!(t.rpc("raw").await.client_sees(), "error 100: internal server error (temporary)");
/// let answer = t.rpc("raw").with(|message| message.protocol = "protobuf".to_owned()).await;
/// assert_eq!(answer.result().map(|result| &result.data[..]), Some(&b"not JSON"[..]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Data {
    bytes: Bytes,
    from_event: bool,
}

impl Data {
    /// Creates data from bytes. They must be JSON, unless the client uses the protobuf protocol.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            from_event: false,
        }
    }

    /// Returns the bytes.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// Creates data that a client sent.
    pub(crate) fn of_client(bytes: Bytes) -> Self {
        Self {
            bytes,
            from_event: true,
        }
    }

    pub(crate) fn is_from_event(&self) -> bool {
        self.from_event
    }

    /// Returns the data of an event, decoded from base64 if the proxy uses binary encoding.
    pub(crate) fn of<K: HasData>(event: &TypedEvent<K>) -> Result<Self, Error> {
        let (bytes, text) = event.data();
        if text.is_empty() {
            return Ok(Self {
                bytes,
                from_event: true,
            });
        }
        let bytes = BASE64_STANDARD
            .decode(text)
            .map_err(|_| Error::malformed("`b64data` is not base64"))?;
        Ok(Self {
            bytes: bytes.into(),
            from_event: true,
        })
    }
}

impl Deref for Data {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl AsRef<[u8]> for Data {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<Data> for Bytes {
    fn from(data: Data) -> Self {
        data.bytes
    }
}

impl<K: HasData> FromEvent<K> for Data {
    const IN_MEMORY: bool = true;
    argument_types!(Bytes Self);

    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Self::of(event))
    }
}
