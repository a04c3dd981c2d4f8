//! How a transport wants replies.

use prost::Message;
use serde::Serialize;

use super::outcome::Outcome;
#[cfg(feature = "http")]
use crate::error::Error;
use crate::event::Request;

/// How the response to an event is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For gRPC, RoadRunner and layers.
    Protobuf,
    /// For the HTTP endpoint.
    #[cfg(feature = "http")]
    Json,
}

impl Format {
    /// The format of the response to a request: a request that was read from JSON is answered in JSON.
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
                // Such as `meta` that is not JSON, which has no form in base 64.
                Err(error) => Outcome::Error(Error::internal(format!(
                    "the response can't be written as JSON: {error}"
                ))),
            },
        }
    }
}
