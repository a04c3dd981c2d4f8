//! Bytes that replies carry.

use bytes::Bytes;
use serde::Serialize;

use crate::error::Error;
use crate::handler::Protocol;

/// Bytes that a reply carries: serialized when the builder took them, with the failure kept for the answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payload(Option<Result<Raw, String>>);

#[derive(Clone, Debug)]
struct Raw {
    bytes: Bytes,
    is_json: bool,
}

impl Payload {
    pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        Self(Some(match serde_json::to_vec(value) {
            Ok(bytes) => Ok(Raw {
                bytes: bytes.into(),
                is_json: true,
            }),
            Err(error) => Err(error.to_string()),
        }))
    }

    pub(crate) fn bytes(bytes: Bytes, is_json: bool) -> Self {
        Self(Some(Ok(Raw { bytes, is_json })))
    }

    /// The bytes, or an internal error where the client could not read them.
    pub(crate) fn finish(self, what: &str, client: Protocol) -> Result<Bytes, Error> {
        match self.0 {
            None => Ok(Bytes::new()),
            Some(Err(error)) => Err(Error::internal(format!(
                "the {what} of the reply can't be serialized: {error}"
            ))),
            Some(Ok(raw)) => {
                if client.json && !raw.is_json && !raw.bytes.is_empty() {
                    check_json(&raw.bytes, what)?;
                }
                Ok(raw.bytes)
            }
        }
    }
}

pub(crate) fn check_json(bytes: &[u8], what: &str) -> Result<(), Error> {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).map(drop).map_err(|error| {
        Error::internal(format!(
            "the {what} of the reply is not JSON, but the client is on the JSON protocol and would be closed for good: {error}"
        ))
    })
}
