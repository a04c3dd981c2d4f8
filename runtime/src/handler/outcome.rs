//! What becomes of an event.

use std::borrow::Cow;

use bytes::Bytes;
use centrifugo_proto::proxy;
use prost::Message;

use super::encoded_stream::EncodedStream;
use crate::error::{Error, Seen};
use crate::event::Kind;

/// What a transport has to send.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// An encoded response with its result.
    Reply(Bytes),
    /// An error, a disconnect or an internal failure.
    Error(Error),
    /// The event could not be read.
    Unreadable(String),
    /// The decision of a stream's handler, with what follows it.
    Stream(Box<EncodedStream>),
}

/// `error` and `disconnect` have the same numbers in all responses.
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
    /// The error, unless the answer is a reply.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Error(error) => Some(error),
            Self::Reply(_) | Self::Stream(_) | Self::Unreadable(_) => None,
        }
    }

    /// A word for logs.
    pub(crate) fn word(&self) -> &'static str {
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

    /// The encoded response, or the text of a failure: an ERROR frame, a gRPC status, a 5xx.
    ///
    /// A refresh has no error that Centrifugo reads: what is temporary must fail, so that the client gets grace; what is
    /// not ends the connection or the subscription. Of an error that a stream starts with, Centrifugo drops «temporary», so
    /// that the client would never try again: an internal one must fail there too.
    ///
    /// # Errors
    ///
    /// When the answer has to be a failure.
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
