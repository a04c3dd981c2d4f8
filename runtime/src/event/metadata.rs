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
/// ```
/// use centrifugo::Metadata;
///
/// let metadata: Metadata = [("x-tenant", "a"), ("x-tenant", "b"), ("x-one", "1")].into_iter().collect();
/// assert_eq!(metadata.all("x-tenant").collect::<Vec<_>>(), ["a", "b"]);
/// assert_eq!(metadata.one("x-one"), Ok(Some("1")));
/// assert!(metadata.one("x-tenant").is_err());
/// assert_eq!(metadata.one("x-none"), Ok(None));
/// ```
#[derive(Clone, Default)]
pub struct Metadata {
    json: Bytes,
    map: OnceLock<Map>,
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
            json,
            map: OnceLock::new(),
        }
    }

    fn map(&self) -> &Map {
        self.map.get_or_init(|| {
            let mut map: Map = serde_json::from_slice(&self.json).unwrap_or_default();
            map.retain(|key, _| visible(key));
            map
        })
    }

    /// All values of a key, in their order; keys are lower case.
    pub fn all(&self, key: &str) -> impl Iterator<Item = &str> {
        self.map().get(key).into_iter().flatten().map(String::as_str)
    }

    /// The value of a key.
    ///
    /// # Errors
    ///
    /// [`Ambiguous`] when there is more than one.
    pub fn one(&self, key: &str) -> Result<Option<&str>, Ambiguous> {
        match self.map().get(key).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([value]) => Ok(Some(value)),
            Some(values) => Err(Ambiguous { count: values.len() }),
        }
    }

    /// The keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.map().keys().map(String::as_str)
    }
}

fn visible(key: &str) -> bool {
    key != "type" && !key.starts_with(':') && !key.starts_with("grpc-")
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
            json: Bytes::new(),
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
