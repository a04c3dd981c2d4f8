//! The headers that came along with an event.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use bytes::Bytes;

/// The headers of the client that Centrifugo was told to forward, and those of its own call.
///
/// Clients control what `http_headers` and `emulated_headers` let through, and theirs may stand in front of
/// others of the same key: so there is no `get`. `type`, pseudo headers and `grpc-*` are left out.
///
/// It is an extractor of every event, and can't fail: without headers it is empty, so there is no `Option<Metadata>`. Headers arrive
/// only when Centrifugo's proxy configuration lists them (`http_headers`, `emulated_headers`, `grpc_metadata`).
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
/// A header may have any bytes: over HTTP, Centrifugo forwards what the client sent. [`one`](Self::one) reports a value that is not
/// UTF-8 as an error, [`all`](Self::all) leaves it out, and [`bytes`](Self::bytes) returns each value as it is. Binary metadata of
/// gRPC (keys that end in `-bin`) is in base64, as on the wire.
#[derive(Clone, Default)]
pub struct Metadata {
    source: Source,
    map: OnceLock<Map>,
}

/// What is read when a handler asks.
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

/// Why [`Metadata::one`] has no value, although the key is there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetadataError {
    /// The key has more than one value. Which one to trust can't be told.
    Ambiguous {
        /// How many values there are.
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
    /// From RoadRunner's context, whose shape was checked before: read when a handler asks.
    pub(crate) fn from_checked_json(json: Bytes) -> Self {
        Self {
            source: Source::Json(json),
            map: OnceLock::new(),
        }
    }

    /// From the headers of a call. Those that say how the call is carried are left out.
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
                // Go writes a list that is not there as `null`.
                let lists: BTreeMap<String, Option<Vec<String>>> =
                    serde_json::from_slice(json).unwrap_or_default();
                lists
                    .into_iter()
                    .filter(|(key, _)| visible(key))
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
                .filter(|(key, _)| visible(key) && !of_the_call(key))
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

    /// Returns the values of a key that are text, in their order. Case makes no difference: `X-Tenant` and `x-tenant` are one key.
    pub fn all(&self, key: &str) -> impl Iterator<Item = &str> {
        self.values(key).iter().filter_map(Value::text)
    }

    /// Returns the values of a key as bytes, in their order. Case makes no difference.
    pub fn bytes(&self, key: &str) -> impl Iterator<Item = &[u8]> {
        self.values(key).iter().map(Value::bytes)
    }

    /// Returns the value of a key, or `None` if the key is absent. Case makes no difference.
    ///
    /// # Errors
    ///
    /// Fails if the key has more than one value, or one that is not UTF-8. A key that is there is never taken as absent.
    pub fn one(&self, key: &str) -> Result<Option<&str>, MetadataError> {
        match self.values(key) {
            [] => Ok(None),
            [value] => value.text().map(Some).ok_or(MetadataError::NotText),
            values => Err(MetadataError::Ambiguous { count: values.len() }),
        }
    }

    /// The keys, in lower case.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.map().keys().map(String::as_str)
    }
}

fn visible(key: &str) -> bool {
    key != "type" && !key.starts_with(':') && !key.starts_with("grpc-")
}

/// Headers that say how the call is carried.
#[cfg(feature = "_direct")]
fn of_the_call(key: &str) -> bool {
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
            if visible(&key) {
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
    /// The keys alone: values may be credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys()).finish()
    }
}

#[cfg(all(test, feature = "_direct"))]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::*;

    #[test]
    fn headers_keep_their_order_and_lose_what_is_of_the_call() {
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
    fn a_value_that_is_not_text_is_not_absent() {
        let mut headers = HeaderMap::new();
        for (key, value) in [("x-one", &b"caf\xe9"[..]), ("x-two", b"\xe9"), ("x-two", b"e")] {
            headers.append(key, HeaderValue::from_bytes(value).unwrap());
        }
        let metadata = Metadata::from_headers(headers);
        assert_eq!(metadata.one("X-One"), Err(MetadataError::NotText));
        assert_eq!(metadata.all("x-one").count(), 0);
        assert_eq!(metadata.bytes("X-One").collect::<Vec<_>>(), [b"caf\xe9"]);
        // It still stands beside another one.
        assert_eq!(metadata.one("x-two"), Err(MetadataError::Ambiguous { count: 2 }));
        assert_eq!(metadata.all("x-two").collect::<Vec<_>>(), ["e"]);
        assert_eq!(metadata.one("x-none"), Ok(None));
        assert_eq!(metadata.bytes("x-none").count(), 0);
    }
}
