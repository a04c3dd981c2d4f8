//! The headers that came with an event.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use bytes::Bytes;

/// The headers that came with the event: the client's headers that Centrifugo forwards, and those of Centrifugo's call.
///
/// Clients control the headers that `http_headers` and `emulated_headers` forward, and a client's value may come before
/// a proxy's value of the same key. There is therefore no `get`: use [`one`](Self::one) or [`all`](Self::all). `type`,
/// pseudo headers and `grpc-*` are left out.
///
/// Every event has metadata. It is empty if there are no headers. Extraction never fails and there is no
/// `Option<Metadata>`.
/// Headers arrive only if Centrifugo's proxy configuration lists them (`http_headers`, `emulated_headers`,
/// `grpc_metadata`).
///
/// ```
/// use centrifugo::event::MetadataError;
/// use centrifugo::Metadata;
///
/// let metadata: Metadata = [("x-tenant", "a"), ("x-tenant", "b"), ("x-one", "1")].into_iter().collect();
/// assert_eq!(metadata.all("x-tenant").collect::<Vec<_>>(), ["a", "b"]);
/// assert_eq!(metadata.one("x-one"), Ok(Some("1")));
/// assert_eq!(metadata.one("X-One"), Ok(Some("1")));
/// assert_eq!(metadata.one("x-tenant"), Err(MetadataError::Ambiguous { count: 2 }));
/// assert_eq!(metadata.one("x-none"), Ok(None));
/// ```
///
/// # Values that are not text
///
/// A header may have any bytes: over HTTP, Centrifugo forwards what the client sent. [`one`](Self::one) reports a value
/// that is not UTF-8 as an error, [`all`](Self::all) leaves it out, and [`bytes`](Self::bytes) returns each value
/// unchanged. Binary metadata of gRPC (keys that end in `-bin`) is in base64, as gRPC transmits it.
#[derive(Clone, Default)]
pub struct Metadata {
    source: Source,
    map: OnceLock<Map>,
}

/// The form in which the transport has the headers. They are parsed when a handler reads them.
#[derive(Clone)]
enum Source {
    /// RoadRunner's context.
    Json(Bytes),
    #[cfg(feature = "_direct")]
    Headers(http::HeaderMap),
}

impl Default for Source {
    fn default() -> Self {
        Self::Json(Bytes::new())
    }
}

type Map = BTreeMap<String, Vec<Value>>;

#[derive(Clone)]
enum Value {
    Text(String),
    #[cfg(feature = "_direct")]
    NotText(Vec<u8>),
}

impl Value {
    #[cfg(feature = "_direct")]
    fn new(bytes: &[u8]) -> Self {
        String::from_utf8(bytes.to_vec()).map_or_else(|error| Self::NotText(error.into_bytes()), Self::Text)
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            #[cfg(feature = "_direct")]
            Self::NotText(_) => None,
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            #[cfg(feature = "_direct")]
            Self::NotText(bytes) => bytes,
        }
    }
}

/// The error of [`Metadata::one`] for a key whose value is ambiguous or not text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetadataError {
    /// The key has several values, and there is no way to tell which one to trust.
    Ambiguous {
        /// The number of values.
        count: usize,
    },
    /// The value is not UTF-8. [`Metadata::bytes`] returns it.
    NotText,
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ambiguous { count } => write!(f, "the metadata has {count} values where one is expected"),
            Self::NotText => f.write_str("the value of the metadata is not UTF-8"),
        }
    }
}

impl std::error::Error for MetadataError {}

impl Metadata {
    /// Creates metadata from RoadRunner's context, which is valid JSON. It is parsed when a handler reads it.
    pub(crate) fn from_checked_json(json: Bytes) -> Self {
        Self {
            source: Source::Json(json),
            map: OnceLock::new(),
        }
    }

    /// Creates metadata from the headers of a call, without those that describe the transport.
    #[cfg(feature = "_direct")]
    pub(crate) fn from_headers(headers: http::HeaderMap) -> Self {
        Self {
            source: Source::Headers(headers),
            map: OnceLock::new(),
        }
    }

    fn map(&self) -> &Map {
        self.map.get_or_init(|| match &self.source {
            Source::Json(json) => {
                // Go encodes a missing list as `null`.
                let lists: BTreeMap<String, Option<Vec<String>>> =
                    serde_json::from_slice(json).unwrap_or_default();
                lists
                    .into_iter()
                    .filter(|(key, _)| is_visible(key))
                    .map(|(key, values)| {
                        let values = values.unwrap_or_default().into_iter().map(Value::Text);
                        (key, values.collect())
                    })
                    .collect()
            }
            #[cfg(feature = "_direct")]
            Source::Headers(headers) => headers
                .iter()
                .map(|(key, value)| (key.as_str(), value))
                .filter(|(key, _)| is_visible(key) && !is_of_transport(key))
                .fold(Map::new(), |mut map, (key, value)| {
                    let value = Value::new(value.as_bytes());
                    map.entry(key.to_owned()).or_default().push(value);
                    map
                }),
        })
    }

    fn values(&self, key: &str) -> &[Value] {
        let map = self.map();
        let values = map.get(key).or_else(|| map.get(&key.to_ascii_lowercase()));
        values.map_or(&[], Vec::as_slice)
    }

    /// Returns the values of a key that are text, in their order. Keys are case-insensitive.
    pub fn all(&self, key: &str) -> impl Iterator<Item = &str> {
        self.values(key).iter().filter_map(Value::text)
    }

    /// Returns the values of a key as bytes, in their order. Keys are case-insensitive.
    pub fn bytes(&self, key: &str) -> impl Iterator<Item = &[u8]> {
        self.values(key).iter().map(Value::bytes)
    }

    /// Returns the value of a key, or `None` if the key is absent. Keys are case-insensitive.
    ///
    /// # Errors
    ///
    /// Fails if the key has several values, or one that is not UTF-8.
    pub fn one(&self, key: &str) -> Result<Option<&str>, MetadataError> {
        match self.values(key) {
            [] => Ok(None),
            [value] => value.text().map(Some).ok_or(MetadataError::NotText),
            values => Err(MetadataError::Ambiguous { count: values.len() }),
        }
    }

    /// Returns the keys, in lower case.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.map().keys().map(String::as_str)
    }
}

fn is_visible(key: &str) -> bool {
    key != "type" && !key.starts_with(':') && !key.starts_with("grpc-")
}

/// Returns whether a header describes how the call is transported.
#[cfg(feature = "_direct")]
fn is_of_transport(key: &str) -> bool {
    matches!(
        key,
        "te" | "content-type"
            | "content-length"
            | "content-encoding"
            | "accept-encoding"
            | "host"
            | "connection"
            | "keep-alive"
            | "proxy-connection"
            | "transfer-encoding"
            | "upgrade"
            | "trailer"
    )
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Metadata {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = Map::new();
        for (key, value) in pairs {
            let key = key.into().to_ascii_lowercase();
            if is_visible(&key) {
                map.entry(key).or_default().push(Value::Text(value.into()));
            }
        }
        Self {
            source: Source::default(),
            map: OnceLock::from(map),
        }
    }
}

impl fmt::Debug for Metadata {
    /// Shows the keys only, because values may be credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys()).finish()
    }
}

#[cfg(all(test, feature = "_direct"))]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::*;

    #[test]
    fn keeps_the_order_of_headers_and_drops_headers_of_the_transport() {
        let mut headers = HeaderMap::new();
        for (key, value) in [
            ("x-tenant", "a"),
            ("te", "trailers"),
            ("grpc-timeout", "1S"),
            ("content-type", "application/grpc"),
            ("type", "connect"),
            ("x-tenant", "b"),
            ("x-raw-bin", "AAE="),
        ] {
            headers.append(key, HeaderValue::from_static(value));
        }
        headers.append("x-latin", HeaderValue::from_bytes(b"\xe9").unwrap());
        headers.append("x-text", HeaderValue::from_bytes("\u{e9}".as_bytes()).unwrap());
        let metadata = Metadata::from_headers(headers);
        assert_eq!(
            metadata.keys().collect::<Vec<_>>(),
            ["x-latin", "x-raw-bin", "x-tenant", "x-text"]
        );
        assert_eq!(metadata.all("x-tenant").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(metadata.one("x-text"), Ok(Some("\u{e9}")));
        assert_eq!(metadata.one("x-raw-bin"), Ok(Some("AAE=")));
    }

    #[test]
    fn reports_a_value_that_is_not_text() {
        let mut headers = HeaderMap::new();
        for (key, value) in [("x-one", &b"caf\xe9"[..]), ("x-two", b"\xe9"), ("x-two", b"e")] {
            headers.append(key, HeaderValue::from_bytes(value).unwrap());
        }
        let metadata = Metadata::from_headers(headers);
        assert_eq!(metadata.one("X-One"), Err(MetadataError::NotText));
        assert_eq!(metadata.all("x-one").count(), 0);
        assert_eq!(metadata.bytes("X-One").collect::<Vec<_>>(), [b"caf\xe9"]);
        // A value that is not text counts as a value.
        assert_eq!(metadata.one("x-two"), Err(MetadataError::Ambiguous { count: 2 }));
        assert_eq!(metadata.all("x-two").collect::<Vec<_>>(), ["e"]);
        assert_eq!(metadata.one("x-none"), Ok(None));
        assert_eq!(metadata.bytes("x-none").count(), 0);
    }
}
