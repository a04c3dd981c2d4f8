//! What came of an event, typed.

use std::error::Error as StdError;
use std::fmt;

use centrifugo_proto::proxy;
use prost::Message;
use serde::de::DeserializeOwned;

use crate::error::{BoxError, Error, chain};
use crate::event::{EventKind, Kind, markers};

/// The answer to an event of kind `K`.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<K: EventKind> {
    result: Option<K::Result>,
    error: Option<proxy::Error>,
    disconnect: Option<proxy::Disconnect>,
    failure: Option<String>,
    source: Option<String>,
}

impl<K: EventKind> Answer<K> {
    /// From an encoded response.
    ///
    /// # Errors
    ///
    /// When the bytes are no response of this kind.
    pub fn decode(body: &[u8]) -> Result<Self, BoxError> {
        let (result, error, disconnect) = K::into_parts(K::Response::decode(body)?);
        Ok(Self {
            result,
            error,
            disconnect,
            failure: None,
            source: None,
        })
    }

    pub(crate) fn failed(text: impl Into<String>) -> Self {
        Self {
            result: None,
            error: None,
            disconnect: None,
            failure: Some(text.into()),
            source: None,
        }
    }

    /// The same answer, with what stands behind the handler's error.
    pub(crate) fn because(mut self, error: Option<&Error>) -> Self {
        self.source = error.and_then(StdError::source).map(chain);
        self
    }

    /// The result, when Centrifugo would read it: neither a disconnect nor an error stands above it.
    pub fn result(&self) -> Option<&K::Result> {
        if self.disconnect.is_some() || self.error.is_some() {
            None
        } else {
            self.result.as_ref()
        }
    }

    /// The error, when no disconnect stands above it.
    pub fn error(&self) -> Option<&proxy::Error> {
        if self.disconnect.is_some() {
            None
        } else {
            self.error.as_ref()
        }
    }

    /// The disconnect.
    pub fn disconnect(&self) -> Option<&proxy::Disconnect> {
        self.disconnect.as_ref()
    }

    /// The text of a failure: an ERROR frame, a gRPC status.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// What the log has of an error and the client has not, with all that is behind it: the source of an internal error, a
    /// panic, where data has another shape, what [`Error::with_source`] was given. A [`Host`](super::Host) does not see it.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// What the client gets of it, as Centrifugo v6.9 reads answers: `error 404: no such room`, with ` (temporary)` behind it
    /// where it is; `disconnect 4501: banned`; `nothing: ..` where no client hears of it; `expired` for a refresh; else the
    /// result, as `Debug` shows it.
    pub fn client_sees(&self) -> String {
        let grace = K::KIND.fails_with_grace();
        if self.failure.is_some() {
            return match K::KIND {
                Kind::Refresh | Kind::SubRefresh => "nothing: 60 s of grace, then asked again".into(),
                Kind::NotifyChannelState | Kind::NotifyCacheEmpty | Kind::SharedPollRefresh => {
                    "nothing: no client is behind it".into()
                }
                _ => "error 100: internal server error (temporary)".into(),
            };
        }
        if let (Some(disconnect), false) = (&self.disconnect, grace) {
            return format!("disconnect {}: {}", disconnect.code, disconnect.reason);
        }
        if let (Some(error), false) = (&self.error, grace) {
            let temporary = if error.temporary { " (temporary)" } else { "" };
            return format!("error {}: {}{temporary}", error.code, error.message);
        }
        match &self.result {
            Some(result) => format!("{result:?}"),
            None if grace => "expired".into(),
            None => "allowed by default".into(),
        }
    }
}

impl Answer<markers::Rpc> {
    /// The data of the result as JSON.
    ///
    /// # Errors
    ///
    /// When there is no result, or its data is of another shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, BoxError> {
        let result = self.result().ok_or_else(|| match self.source() {
            Some(source) => format!("no result: the client sees {self}, since {source}"),
            None => format!("no result: the client sees {self}"),
        })?;
        Ok(serde_json::from_slice(&result.data)?)
    }
}

impl<K: EventKind> fmt::Display for Answer<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.client_sees())
    }
}
