//! The outcome of an event.

use std::borrow::Cow;

use bytes::Bytes;
use centrifugo_proto::proxy;
use prost::Message;
use serde::Serialize;

use super::encoded_stream::EncodedStream;
use super::outcome_summary::OutcomeSummary;
use crate::error::{Error, Seen};
use crate::event::Kind;
use crate::metrics::EventOutcome;

/// The outcome of an event, which a transport sends to Centrifugo.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// An encoded response with its result.
    Reply(Bytes),
    /// A response with its result as JSON. Only events of the HTTP endpoint have it, and only in a program without
    /// layers. Layers see [`Reply`](Self::Reply).
    #[cfg(feature = "http")]
    JsonReply(Bytes),
    /// An error, a disconnect or an internal error.
    Error(Error),
    /// The event could not be decoded. The text is the reason.
    Unreadable(String),
    /// The answer of a subscribe_stream handler, with the publications that follow it.
    Stream(Box<EncodedStream>),
}

/// The response to an event that was answered with an error.
///
/// The responses of all kinds have these fields with the same numbers and names. The result is written for refresh and
/// sub_refresh only: `expired` is the first field of both results.
#[derive(Clone, PartialEq, Message, Serialize)]
struct ErrorResponse {
    #[prost(message, optional, tag = "1")]
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<proxy::RefreshResult>,
    #[prost(message, optional, tag = "2")]
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<proxy::Error>,
    #[prost(message, optional, tag = "3")]
    #[serde(skip_serializing_if = "Option::is_none")]
    disconnect: Option<proxy::Disconnect>,
}

impl From<Error> for Outcome {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl Outcome {
    /// Returns the error, if the outcome is one.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Error(error) => Some(error),
            _ => None,
        }
    }

    /// Returns the outcome in one word, for logs and metrics.
    pub(crate) fn summary(&self) -> OutcomeSummary {
        match self {
            Self::Reply(_) | Self::Stream(_) => EventOutcome::Ok.into(),
            #[cfg(feature = "http")]
            Self::JsonReply(_) => EventOutcome::Ok.into(),
            Self::Error(error) => OutcomeSummary::of(error),
            Self::Unreadable(_) => EventOutcome::Unreadable.into(),
        }
    }

    /// Encodes the outcome as a response to an event of `kind`.
    ///
    /// # Errors
    ///
    /// Returns the text of a failed call if the call has to fail. The transport sends it as an ERROR frame, a gRPC
    /// status or an HTTP status of 5xx. These errors fail the call:
    ///
    /// - A temporary error of a refresh or sub_refresh. Centrifugo ignores errors in these responses, but keeps the
    ///   connection or subscription for 60 s after a failed call. Any other error ends the connection or the
    ///   subscription.
    /// - An internal error of a stream. Centrifugo does not read whether the error in the first message is temporary,
    ///   so the client would not try again.
    /// - Every error of a notify_cache_empty event, whose response has no field for an error.
    pub fn encode(self, kind: Kind) -> Result<Bytes, Cow<'static, str>> {
        match self {
            Self::Reply(body) => Ok(body),
            Self::Stream(opened) => Ok(opened.response),
            Self::Unreadable(reason) => Err(reason.into()),
            Self::Error(error) => Ok(response(error, kind)?.encode_to_vec().into()),
            // Only the HTTP endpoint receives such replies, and it calls `into_json`.
            #[cfg(feature = "http")]
            Self::JsonReply(_) => Err("the reply is not encoded".into()),
        }
    }

    /// Returns the response as JSON, or the text of a failed call. `convert` converts replies that were encoded for
    /// layers.
    #[cfg(feature = "http")]
    pub(crate) fn into_json(
        self,
        kind: Kind,
        convert: impl FnOnce(Bytes) -> Result<Bytes, String>,
    ) -> Result<Bytes, Cow<'static, str>> {
        match self {
            Self::JsonReply(body) => Ok(body),
            Self::Error(error) => {
                let response = serde_json::to_vec(&response(error, kind)?);
                Ok(response.map_err(|error| error.to_string())?.into())
            }
            outcome => Ok(convert(outcome.encode(kind)?)?),
        }
    }
}

fn response(error: Error, kind: Kind) -> Result<ErrorResponse, Cow<'static, str>> {
    let mut response = ErrorResponse::default();
    match kind {
        Kind::Refresh | Kind::SubRefresh if error.is_temporary() => return Err("temporary failure".into()),
        Kind::NotifyCacheEmpty => return Err("the handler failed".into()),
        Kind::SubscribeStream if error.is_internal() => return Err("the handler failed".into()),
        Kind::Refresh | Kind::SubRefresh => {
            response.result = Some(proxy::RefreshResult {
                expired: true,
                ..Default::default()
            });
            return Ok(response);
        }
        _ => {}
    }
    match error.seen {
        Seen::Error {
            code,
            message,
            temporary,
        } => {
            response.error = Some(proxy::Error {
                code,
                message: message.into(),
                temporary,
            });
        }
        Seen::Disconnect { code, reason }
            if !matches!(kind, Kind::NotifyChannelState | Kind::SharedPollRefresh) =>
        {
            response.disconnect = Some(proxy::Disconnect {
                code,
                reason: reason.into(),
            });
        }
        Seen::Disconnect { .. } | Seen::Internal => {
            response.error = Some(proxy::Error {
                code: 100,
                message: "internal server error".into(),
                temporary: true,
            });
        }
    }
    Ok(response)
}
