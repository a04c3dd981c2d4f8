//! A line of a recording.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::description::Event;
use crate::invoke::{InvokeError, Response, ResponseStatus};

/// An event with its answer: a line of a recording.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RecordedEvent {
    /// The kind of the event.
    pub kind: Event,
    /// Whether the event opened a stream in both directions.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub two_way: bool,
    /// The request message, with the names of its fields in the schema.
    pub request: Box<RawValue>,
    /// The members of the request that the recording leaves out as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
    /// The metadata of the call.
    #[serde(default)]
    pub metadata: BTreeMap<String, Vec<String>>,
    /// The answer.
    pub answer: RecordedAnswer,
    /// When the event came, in milliseconds since the recording began.
    #[serde(default)]
    pub at_ms: u64,
}

/// The answer to a recorded event.
#[derive(Clone, Debug)]
pub enum RecordedAnswer {
    /// The response message, with the names of its fields in the schema.
    Response(Box<RawValue>),
    /// The status of a failed call.
    Status(ResponseStatus),
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Status {
    status: ResponseStatus,
}

impl RecordedAnswer {
    /// Reads the answer.
    ///
    /// # Errors
    ///
    /// Returns an error if the response is no response message.
    pub fn response(&self) -> Result<Response, InvokeError> {
        match self {
            Self::Response(json) => Response::from_json(json),
            Self::Status(status) => Ok(Response::Status(status.clone())),
        }
    }
}

impl<'de> Deserialize<'de> for RecordedAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        if !json.get().starts_with('{') {
            return Err(D::Error::custom("the answer is no object"));
        }
        Ok(match serde_json::from_str(json.get()) {
            Ok(Status { status }) => Self::Status(status),
            Err(_) => Self::Response(json),
        })
    }
}

impl Serialize for RecordedAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Response(json) => json.serialize(serializer),
            Self::Status(status) => Status {
                status: status.clone(),
            }
            .serialize(serializer),
        }
    }
}
