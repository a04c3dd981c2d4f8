//! The format in which a transport sends replies.

use prost::Message;
use serde::Serialize;

use super::outcome::Outcome;
#[cfg(feature = "http")]
use crate::error::Error;
use crate::event::Request;

/// The format of the response to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// The format for gRPC, RoadRunner and layers.
    Protobuf,
    /// The format for the HTTP endpoint.
    #[cfg(feature = "http")]
    Json,
}

impl Format {
    /// Returns the format of the response to a request. A request that was read from JSON is answered in JSON.
    pub(crate) fn of(request: &Request) -> Self {
        match request {
            Request::Encoded(_) => Self::Protobuf,
            #[cfg(feature = "http")]
            Request::Decoded(_) => Self::Json,
        }
    }

    pub(super) fn reply(self, response: &(impl Message + Serialize)) -> Outcome {
        match self {
            Self::Protobuf => Outcome::Reply(response.encode_to_vec().into()),
            #[cfg(feature = "http")]
            Self::Json => match serde_json::to_vec(response) {
                Ok(json) => Outcome::JsonReply(json.into()),
                // This happens if `meta` is not JSON, because `meta` has no field for base64.
                Err(error) => Outcome::Error(Error::internal(format!(
                    "the response can't be written as JSON: {error}"
                ))),
            },
        }
    }
}
