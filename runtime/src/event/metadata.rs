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
/// use centrifugo::Metadata;
///
/// let metadata: Metadata = [("x-tenant", "a"), ("x-tenant", "b"), ("x-one", "1")].into_iter().collect();
/// assert_eq!(metadata.all("x-tenant").collect::<Vec<_>>(), ["a", "b"]);
/// assert_eq!(metadata.one("x-one"), Ok(Some("1")));
/// assert_eq!(metadata.one("X-One"), Ok(Some("1")));
/// assert!(metadata.one("x-tenant").is_err());
/// assert_eq!(metadata.one("x-none"), Ok(None));
/// ```
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

type Map = BTreeMap<String, Vec<String>>;

/// More than one value, where one was asked for: which one to trust can't be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguous {
    /// How many values there are.
    pub count: usize,
}

impl fmt::Display for Ambiguous {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} values where one was asked for", self.count)
    }
}

impl std::error::Error for Ambiguous {}

impl Metadata {
    /// From RoadRunner's context, whose shape was checked before: read when a handler asks.
    pub(crate) fn from_checked_json(json: Bytes) -> Self {
        Self {
            source: Source::Json(json),
            map: OnceLock::new(),
        }
    }

    /// From the headers of a call. What belongs to the call itself, what is not text and binary keys (`-bin`) are left out.
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
                    .map(|(key, values)| (key, values.unwrap_or_default()))
                    .collect()
            }
            #[cfg(feature = "_direct")]
            Source::Headers(headers) => headers
                .iter()
                .map(|(key, value)| (key.as_str(), value))
                .filter(|(key, _)| visible(key) && !of_the_call(key) && !key.ends_with("-bin"))
                .fold(Map::new(), |mut map, (key, value)| {
                    if let Ok(text) = std::str::from_utf8(value.as_bytes()) {
                        map.entry(key.to_owned()).or_default().push(text.to_owned());
                    }
                    map
                }),
        })
    }

    fn values(&self, key: &str) -> &[String] {
        let map = self.map();
        let values = map.get(key).or_else(|| map.get(&key.to_ascii_lowercase()));
        values.map_or(&[], Vec::as_slice)
    }

    /// All values of a key, in their order. How the key is written, `X-Tenant` or `x-tenant`, makes no difference.
    pub fn all(&self, key: &str) -> impl Iterator<Item = &str> {
        self.values(key).iter().map(String::as_str)
    }

    /// The value of a key, however that is written.
    ///
    /// # Errors
    ///
    /// [`Ambiguous`] when there is more than one.
    pub fn one(&self, key: &str) -> Result<Option<&str>, Ambiguous> {
        match self.values(key) {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            values => Err(Ambiguous { count: values.len() }),
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
                map.entry(key).or_default().push(value.into());
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
        assert_eq!(metadata.keys().collect::<Vec<_>>(), ["x-tenant", "x-text"]);
        assert_eq!(metadata.all("x-tenant").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(metadata.one("x-text"), Ok(Some("\u{e9}")));
    }
}
