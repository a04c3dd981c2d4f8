//! Application data as bytes.

use std::ops::Deref;

use bytes::Bytes;

use super::{Extracted, FromEvent};
use crate::error::Error;
use crate::event::{HasData, TypedEvent};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// Application data as it is on the wire. As a reply it is passed on: what came from the event at no cost, what the
/// handler made after a check that a client on the JSON protocol can read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data {
    bytes: Bytes,
    from_event: bool,
}

impl Data {
    /// Data that the handler made.
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
        let bytes = BASE64_STANDARD.decode(text).map_err(|_| {
            tracing::warn!(target: "centrifugo", kind = %K::KIND, "b64data is not base 64");
            Error::bad_request()
        })?;
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
