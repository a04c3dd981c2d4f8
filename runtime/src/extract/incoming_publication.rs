//! What `Incoming` yields: publications of clients, as they are or as values.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::data::Data;
use crate::error::{Error, parse};
#[cfg(feature = "schema")]
use crate::schema::JsonRole;

/// A publication that a client sent into a two-way stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IncomingPublication {
    /// The data that the client published.
    pub data: Data,
    /// The tags of the publication. Centrifugo v6.9 sends none.
    pub tags: BTreeMap<String, String>,
}

impl IncomingPublication {
    pub(super) fn new(data: Data, tags: BTreeMap<String, String>) -> Self {
        Self { data, tags }
    }

    /// Deserializes the data as JSON.
    ///
    /// # Errors
    ///
    /// Returns error 107 (bad request) if the data does not fit `T`. The source of the error has the place of the
    /// mismatch.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        parse(&self.data).map_err(Error::malformed)
    }
}

/// A type that [`Incoming`](super::Incoming) can have: [`IncomingPublication`], or a type that serde deserializes from JSON.
///
/// Implement it for a type with another format. With the feature `schema`, the description of the program and the TypeScript
/// client have the type of the data if the type implements `schemars::JsonSchema`. Otherwise the type of the data is unknown.
///
/// ```
/// use centrifugo::extract::{FromIncoming, Incoming, IncomingPublication};
/// use centrifugo::{Error, reply};
/// use tokio_stream::StreamExt;
///
/// /// The last byte of a publication.
/// struct Last(u8);
///
/// impl FromIncoming for Last {
///     type Item = Result<Self, Error>;
///
///     fn from_incoming(publication: IncomingPublication) -> Self::Item {
///         publication.data.last().map(|byte| Self(*byte)).ok_or_else(Error::bad_request)
///     }
/// }
///
/// #[centrifugo::subscribe_stream(channel = "last:*")]
/// fn last(bytes: Incoming<Last>) -> reply::Stream {
///     let numbers = bytes.map(|byte| Ok::<_, Error>(reply::Publication::json(&byte?.0)));
///     reply::Stream::new(reply::Subscribe::allow(), numbers)
/// }
/// ```
pub trait FromIncoming: Sized {
    /// What the stream yields: the publication itself, or a `Result` of the value.
    type Item;

    /// What the data is, for the description of the program.
    #[cfg(feature = "schema")]
    #[doc(hidden)]
    const ROLE: JsonRole = JsonRole::IncomingBytes;

    /// Converts a publication of the client.
    fn from_incoming(publication: IncomingPublication) -> Self::Item;
}

#[diagnostic::do_not_recommend]
impl FromIncoming for IncomingPublication {
    type Item = Self;

    fn from_incoming(publication: IncomingPublication) -> Self {
        publication
    }
}

impl<T: DeserializeOwned> FromIncoming for T {
    type Item = Result<T, Error>;

    #[cfg(feature = "schema")]
    const ROLE: JsonRole = JsonRole::Incoming;

    fn from_incoming(publication: IncomingPublication) -> Result<T, Error> {
        publication.json()
    }
}
