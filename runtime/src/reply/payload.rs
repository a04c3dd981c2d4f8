//! Bytes that replies carry.

use bytes::Bytes;
use serde::Serialize;

use crate::error::Error;
use crate::handler::Protocol;

/// Bytes that a reply carries.
///
/// A builder serializes a value immediately and stores a failure until the answer, so that its methods never fail.
#[derive(Clone, Debug, Default)]
pub(super) struct Payload(Option<Result<Serialized, String>>);

#[derive(Clone, Debug)]
struct Serialized {
    bytes: Bytes,
    is_json: bool,
}

impl Payload {
    pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        Self(Some(match serde_json::to_vec(value) {
            Ok(bytes) => Ok(Serialized {
                bytes: bytes.into(),
                is_json: true,
            }),
            Err(error) => Err(error.to_string()),
        }))
    }

    pub(super) fn bytes(bytes: Bytes, is_json: bool) -> Self {
        Self(Some(Ok(Serialized { bytes, is_json })))
    }

    /// Returns the bytes, or an internal error if the client could not read them.
    pub(super) fn finish(self, field: &str, client: Protocol) -> Result<Bytes, Error> {
        match self.0 {
            None => Ok(Bytes::new()),
            Some(Err(error)) => Err(Error::internal(format!(
                "the {field} of the reply can't be serialized: {error}"
            ))),
            Some(Ok(payload)) => {
                if client.is_json && !payload.is_json && !payload.bytes.is_empty() {
                    check_json(&payload.bytes, field)?;
                }
                Ok(payload.bytes)
            }
        }
    }
}

fn check_json(bytes: &[u8], field: &str) -> Result<(), Error> {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).map(drop).map_err(|error| {
        Error::internal(format!(
            "the {field} of the reply is not JSON, and Centrifugo would disconnect a client on the JSON protocol \
             permanently: {error}"
        ))
    })
}
