//! The outcome of an event.

use std::borrow::Cow;

use bytes::Bytes;
use centrifugo_proto::proxy;
use prost::Message;

use super::encoded_stream::EncodedStream;
use crate::error::{Error, Seen};
use crate::event::Kind;

/// The outcome of an event, which a transport sends to Centrifugo.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// An encoded response with its result.
    Reply(Bytes),
    /// An error, a disconnect or an internal error.
    Error(Error),
    /// The event could not be decoded; the text is the reason.
    Unreadable(String),
    /// The answer of a subscribe_stream handler, with the publications that follow it.
    Stream(Box<EncodedStream>),
}

/// The part of a response that has the same field numbers in all kinds.
#[derive(Clone, PartialEq, Message)]
struct Refusal {
    #[prost(message, optional, tag = "2")]
    error: Option<proxy::Error>,
    #[prost(message, optional, tag = "3")]
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
            Self::Reply(_) | Self::Stream(_) | Self::Unreadable(_) => None,
        }
    }

    /// Returns the label of the outcome for logs.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Self::Reply(_) | Self::Stream(_) => "reply",
            Self::Error(error) => match error.seen {
                Seen::Error { .. } => "error",
                Seen::Disconnect { .. } => "disconnect",
                Seen::Internal => "internal",
            },
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// Encodes the outcome as a response to an event of `kind`.
    ///
    /// # Errors
    ///
    /// Returns the text of a failed call: an ERROR frame, a gRPC status, an HTTP status of 5xx. Some errors have to be
    /// failed calls:
    ///
    /// - Centrifugo reads no error in the response to a refresh. After a failed call the client gets grace, so a temporary
    ///   error is one. Any other error ends the connection or the subscription.
    /// - Centrifugo does not read whether an error that a stream starts with is temporary, so the client would not try
    ///   again after an internal error.
    pub fn encode(self, kind: Kind) -> Result<Bytes, Cow<'static, str>> {
        let error = match self {
            Self::Reply(body) => return Ok(body),
            Self::Stream(opened) => return Ok(opened.response),
            Self::Unreadable(reason) => return Err(reason.into()),
            Self::Error(error) => error,
        };
        match kind {
            Kind::Refresh | Kind::SubRefresh if error.is_temporary() => Err("temporary failure".into()),
            Kind::Refresh => {
                let result = Some(proxy::RefreshResult {
                    expired: true,
                    ..Default::default()
                });
                Ok(proxy::RefreshResponse {
                    result,
                    ..Default::default()
                }
                .encode_to_vec()
                .into())
            }
            Kind::SubRefresh => {
                let result = Some(proxy::SubRefreshResult {
                    expired: true,
                    ..Default::default()
                });
                Ok(proxy::SubRefreshResponse {
                    result,
                    ..Default::default()
                }
                .encode_to_vec()
                .into())
            }
            Kind::NotifyCacheEmpty => Err("the handler failed".into()),
            Kind::SubscribeStream if error.is_internal() => Err("the handler failed".into()),
            _ => Ok(refusal(error, kind).encode_to_vec().into()),
        }
    }
}

fn refusal(error: Error, kind: Kind) -> Refusal {
    match error.seen {
        Seen::Error {
            code,
            message,
            temporary,
        } => Refusal {
            error: Some(proxy::Error {
                code,
                message: message.into(),
                temporary,
            }),
            disconnect: None,
        },
        Seen::Disconnect { code, reason }
            if !matches!(kind, Kind::NotifyChannelState | Kind::SharedPollRefresh) =>
        {
            Refusal {
                error: None,
                disconnect: Some(proxy::Disconnect {
                    code,
                    reason: reason.into(),
                }),
            }
        }
        Seen::Disconnect { .. } | Seen::Internal => Refusal {
            error: Some(proxy::Error {
                code: 100,
                message: "internal server error".into(),
                temporary: true,
            }),
            disconnect: None,
        },
    }
}
