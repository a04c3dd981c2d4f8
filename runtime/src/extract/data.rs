//! Application data as bytes.

use std::ops::Deref;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;

use crate::error::Error;
use crate::event::HasData;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// Application data as bytes, and the answer to an rpc. Derefs to `[u8]`.
///
/// No data at all is zero bytes, which `Option<Data>` shows as `None`. Where the proxy uses binary encoding
/// (`binary_encoding` in Centrifugo) it is decoded from base 64; what is not base 64 is answered 107 «bad request», and
/// shown by `Result<Data, Error>`.
///
/// As a reply it is passed on: what came from the event at no cost, what the handler made after a check that a client
/// on the JSON protocol can read it. Other bytes would make Centrifugo close such a client for good (code 3506), so
/// they are an internal error. A client on the protobuf protocol gets any bytes.
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
///     Data::new("no JSON")
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("echo").data(r#"{ "a": 1.0 }"#).await.result().map(|result| &result.data[..]), Some(&br#"{ "a": 1.0 }"#[..]));
/// assert_eq!(t.rpc("raw").await.client_sees(), "error 100: internal server error (temporary)");
/// let answer = t.rpc("raw").with(|message| message.protocol = "protobuf".to_owned()).await;
/// assert_eq!(answer.result().map(|result| &result.data[..]), Some(&b"no JSON"[..]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data {
    bytes: Bytes,
    from_event: bool,
}

impl Data {
    /// Data that the handler made: JSON, unless the client is on the protobuf protocol.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            from_event: false,
        }
    }

    /// The bytes.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// Data that a client sent.
    pub(crate) fn of_client(bytes: Bytes) -> Self {
        Self {
            bytes,
            from_event: true,
        }
    }

    pub(crate) fn is_from_event(&self) -> bool {
        self.from_event
    }

    /// The data of an event, out of base 64 where the proxy uses binary encoding.
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
            .map_err(|_| Error::malformed("b64data is not base 64"))?;
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

impl<K: HasData> FromEvent<K> for Data {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Self::of(event))
    }
}
