//! The answer to an event of a test.

use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;
use centrifugo_proto::proxy;
use prost::Message;
use serde::de::DeserializeOwned;

use crate::error::{BoxError, Error, chain};
use crate::event::{EventKind, Kind, markers};

/// The answer to an event of kind `K`.
///
/// Typed readers deserialize the data in the result: [`json`](Self::json) for rpc, and `data_as`, `info_as`, `meta_as`
/// and `item_as` for fields of other results.
///
/// ```standalone_crate
/// use centrifugo::reply;
/// use centrifugo::testing::TestClient;
///
/// #[centrifugo::connect]
/// fn connect() -> reply::Connect {
///     reply::Connect::user("42").info(&"Ann").data(&[1, 2])
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let answer = t.connect().await;
/// assert_eq!(answer.info_as::<String>()?, "Ann");
/// assert_eq!(answer.data_as::<Vec<u8>>()?, [1, 2]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<K: EventKind> {
    result: Option<K::Result>,
    error: Option<proxy::Error>,
    disconnect: Option<proxy::Disconnect>,
    failure: Option<String>,
    source: Option<String>,
}

impl<K: EventKind> Answer<K> {
    /// Decodes a response.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are not a response to this kind of event.
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

    /// Sets the source of the handler's error.
    pub(crate) fn with_source_of(mut self, error: Option<&Error>) -> Self {
        self.source = error.and_then(StdError::source).map(chain);
        self
    }

    /// Returns the result, unless the answer has an error or a disconnect, with which Centrifugo ignores the result.
    pub fn result(&self) -> Option<&K::Result> {
        if self.disconnect.is_some() || self.error.is_some() {
            None
        } else {
            self.result.as_ref()
        }
    }

    /// Returns the result, or an error that says what the client sees and why.
    ///
    /// # Errors
    ///
    /// Fails if there is no result.
    pub fn expect_result(&self) -> Result<&K::Result, BoxError> {
        self.result().ok_or_else(|| match self.source() {
            Some(source) => format!("no result: the client sees {self}, because of {source}").into(),
            None => format!("no result: the client sees {self}").into(),
        })
    }

    /// Returns the error, unless the answer has a disconnect, with which Centrifugo ignores the error.
    pub fn error(&self) -> Option<&proxy::Error> {
        if self.disconnect.is_some() {
            None
        } else {
            self.error.as_ref()
        }
    }

    /// Returns the disconnect.
    pub fn disconnect(&self) -> Option<&proxy::Disconnect> {
        self.disconnect.as_ref()
    }

    /// Returns the text of a failed call: an ERROR frame, or a gRPC status.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// Returns the sources of the error, which the log shows and the client does not see.
    ///
    /// They are the source of an internal error, a panic, the place where data does not fit its type, or the source
    /// that was passed to [`Error::with_source`]. An answer of a [`Host`](super::Host) has none.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// Describes what the client receives, according to how Centrifugo v6.9 interprets the answer.
    ///
    /// | answer | text |
    /// |---|---|
    /// | error | `error 404: no such room`; a temporary error ends with ` (temporary)` |
    /// | disconnect | `disconnect 4501: banned` |
    /// | a failed call that is not reported to a client | `nothing: ..` |
    /// | a refresh that ends the connection | `expired` |
    /// | result | the result, formatted with `Debug` |
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

impl<K: EventKind> Answer<K> {
    fn field_as<T: DeserializeOwned>(&self, field: impl FnOnce(&K::Result) -> &Bytes) -> Result<T, BoxError> {
        Ok(serde_json::from_slice(field(self.expect_result()?))?)
    }
}

impl Answer<markers::Rpc> {
    /// Deserializes the data of the result as JSON.
    ///
    /// # Errors
    ///
    /// Fails if there is no result, or if its data does not fit `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, BoxError> {
        self.field_as(|result| &result.data)
    }
}

/// Defines typed readers of the results of some kinds.
macro_rules! typed_readers {
    ($($kind:ident [$($reader:ident $field:ident),*];)*) => {$(
        impl Answer<markers::$kind> {$(
            #[doc = concat!("Deserializes `", stringify!($field), "` of the result as JSON.")]
            ///
            /// # Errors
            ///
            /// Fails if there is no result, or if the field does not fit `T`.
            pub fn $reader<T: DeserializeOwned>(&self) -> Result<T, BoxError> {
                self.field_as(|result| &result.$field)
            }
        )*}
    )*};
}

typed_readers! {
    Connect [data_as data, info_as info, meta_as meta];
    Refresh [info_as info, meta_as meta];
    Subscribe [data_as data, info_as info];
    Publish [data_as data];
    SubRefresh [info_as info];
    MapPublish [data_as data];
    SubscribeStream [data_as data, info_as info];
}

impl Answer<markers::SharedPollRefresh> {
    /// Deserializes the data of an item as JSON.
    ///
    /// # Errors
    ///
    /// Fails if there is no result, no item of this key, or if its data does not fit `T`.
    pub fn item_as<T: DeserializeOwned>(&self, key: &str) -> Result<T, BoxError> {
        let item = self.expect_result()?.items.iter().find(|item| item.key == key);
        let item = item.ok_or_else(|| format!("the result has no item `{key}`"))?;
        Ok(serde_json::from_slice(&item.data)?)
    }
}

impl<K: EventKind> fmt::Display for Answer<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.client_sees())
    }
}
