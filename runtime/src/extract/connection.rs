//! The client's connection.

use super::{Extracted, FromEvent};
use crate::event::{HasConnection, TypedEvent};

/// The connection that the event comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connection {
    /// The id that Centrifugo gave the client.
    pub client: String,
    /// `websocket`, `sse`, `http_stream` and others.
    pub transport: String,
    /// `json` or `protobuf`.
    pub protocol: String,
    /// `json` or `binary`: how the proxy passes data.
    pub encoding: String,
}

impl<K: HasConnection> FromEvent<K> for Connection {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Self {
            client: event.client().to_owned(),
            transport: event.transport().to_owned(),
            protocol: event.protocol().to_owned(),
            encoding: event.encoding().to_owned(),
        }))
    }
}
