//! What a program answered.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tonic::{Code, Status};

use super::{InvokeError, Outcome, response_json};
use crate::description::Event;

/// What a program answered.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// A result, or `null` for an answer without anything.
    Result(Box<RawValue>),
    /// An error for the client.
    Error(ResponseError),
    /// The end of the connection.
    Disconnect(ResponseDisconnect),
    /// The call has failed.
    Status(ResponseStatus),
}

/// An error for a client.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct ResponseError {
    /// The code.
    #[serde(default)]
    pub code: u32,
    /// The message.
    #[serde(default)]
    pub message: String,
    /// Whether the client may try again.
    #[serde(default)]
    pub temporary: bool,
}

/// The end of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct ResponseDisconnect {
    /// The code.
    #[serde(default)]
    pub code: u32,
    /// The reason.
    #[serde(default)]
    pub reason: String,
}

/// A failed call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct ResponseStatus {
    /// The status code of gRPC.
    pub code: i32,
    /// The message.
    #[serde(default)]
    pub message: String,
}

/// The members that all response messages may have.
#[derive(Deserialize)]
struct Members {
    result: Option<Box<RawValue>>,
    error: Option<ResponseError>,
    disconnect: Option<ResponseDisconnect>,
}

impl Response {
    /// Reads an encoded response message.
    ///
    /// # Errors
    ///
    /// Returns an error if the bytes are no such message.
    pub fn from_message(kind: Event, bytes: &[u8]) -> Result<Self, InvokeError> {
        Self::from_json(&response_json(kind, bytes)?)
    }

    /// Reads a response message in JSON. As for Centrifugo, a disconnect takes precedence over an error, and an error over a result.
    ///
    /// # Errors
    ///
    /// Returns an error if the JSON is no such message.
    pub fn from_json(json: &RawValue) -> Result<Self, InvokeError> {
        let members: Members =
            serde_json::from_str(json.get()).map_err(|error| InvokeError::Answer(error.to_string()))?;
        Ok(match members {
            Members {
                disconnect: Some(disconnect),
                ..
            } => Self::Disconnect(disconnect),
            Members {
                error: Some(error), ..
            } => Self::Error(error),
            Members {
                result: Some(result), ..
            } => Self::Result(result),
            _ => Self::Result(RawValue::NULL.to_owned()),
        })
    }

    /// Returns the outcome, as far as it can be told from the answer.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Result(_) => Outcome::Ok,
            Self::Error(error) if error.code == 100 => Outcome::Failed,
            Self::Error(_) => Outcome::Error,
            Self::Disconnect(_) => Outcome::Disconnect,
            Self::Status(status) if status.code == Code::DeadlineExceeded as i32 => Outcome::Timeout,
            Self::Status(_) => Outcome::Failed,
        }
    }
}

impl From<&Status> for Response {
    fn from(status: &Status) -> Self {
        Self::Status(status.into())
    }
}

impl From<&Status> for ResponseStatus {
    fn from(status: &Status) -> Self {
        Self {
            code: status.code().into(),
            message: status.message().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Outcome, String) {
        let response = Response::from_json(&RawValue::from_string(text.to_owned()).unwrap()).unwrap();
        (response.outcome(), serde_json::to_string(&response).unwrap())
    }

    #[test]
    fn reads_as_centrifugo_does() {
        for (text, outcome, expected) in [
            (
                r#"{"result":{"data":1.0}}"#,
                Outcome::Ok,
                r#"{"result":{"data":1.0}}"#,
            ),
            ("{}", Outcome::Ok, r#"{"result":null}"#),
            (
                r#"{"result":{},"error":{"code":404,"message":"no"}}"#,
                Outcome::Error,
                r#"{"error":{"code":404,"message":"no","temporary":false}}"#,
            ),
            (
                r#"{"error":{"code":100,"temporary":true}}"#,
                Outcome::Failed,
                r#"{"error":{"code":100,"message":"","temporary":true}}"#,
            ),
            (
                r#"{"error":{"code":404},"disconnect":{"code":4501,"reason":"b"}}"#,
                Outcome::Disconnect,
                r#"{"disconnect":{"code":4501,"reason":"b"}}"#,
            ),
        ] {
            assert_eq!(read(text), (outcome, expected.to_owned()), "{text}");
        }
    }
}
