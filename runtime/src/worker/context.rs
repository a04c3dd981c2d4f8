//! Parses the context of an event: the metadata of Centrifugo's call as JSON, to which RoadRunner's plugin adds the event's
//! name under the key `type`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::error::describe;
use crate::event::{Kind, Metadata};
use crate::logging::clip;

/// The number of contexts that are cached.
const CAPACITY: usize = 8;
/// The longest context that is cached, in bytes. Clients choose the values of forwarded headers, so without this limit they
/// could fill the memory.
const MAX_CACHED_LEN: usize = 4 * 1024;

/// A cache of parsed contexts. Unless Centrifugo forwards clients' headers, all events of a kind have the same context.
#[derive(Default)]
pub(crate) struct ContextCache {
    entries: Vec<(Bytes, Kind, Arc<Metadata>)>,
    /// The index of the entry that is replaced next.
    next: usize,
}

impl ContextCache {
    /// Returns the event kind and the metadata of a context.
    pub(crate) fn parse(&mut self, json: &[u8]) -> Result<(Kind, Arc<Metadata>), String> {
        if let Some((_, kind, metadata)) = self.entries.iter().find(|(cached, ..)| cached == json) {
            return Ok((*kind, metadata.clone()));
        }
        let kind = kind(json)?;
        // A copy, so that the frame's buffer can be reused.
        let json = Bytes::copy_from_slice(json);
        let metadata = Arc::new(Metadata::from_checked_json(json.clone()));
        if json.len() <= MAX_CACHED_LEN {
            let entry = (json, kind, metadata.clone());
            match self.entries.get_mut(self.next) {
                Some(slot) => *slot = entry,
                None => self.entries.push(entry),
            }
            self.next = (self.next + 1) % CAPACITY;
        }
        Ok((kind, metadata))
    }
}

/// Returns the event kind of a context.
///
/// The plugin *appends* the event's name to the values of `type`. A forwarded header `type` of the client comes before it, so
/// the last value is the event's name.
fn kind(json: &[u8]) -> Result<Kind, String> {
    let context: Context<'_> = serde_json::from_slice(json)
        .map_err(|error| format!("the context can't be read: {}", describe(&error)))?;
    let name = context.event.ok_or("the context has no event type")?;
    Kind::from_relay_name(&name).ok_or_else(|| format!("the event type `{}` is unknown", clip(&name)))
}

struct Context<'a> {
    event: Option<Cow<'a, str>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Context<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ContextVisitor)
    }
}

struct ContextVisitor;

impl<'de> Visitor<'de> for ContextVisitor {
    type Value = Context<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object whose values are arrays of strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut event = None;
        while let Some(JsonString(key)) = map.next_key()? {
            let LastString(last) = map.next_value()?;
            if key == "type" {
                event = last;
            }
        }
        Ok(Context { event })
    }
}

/// A string, which is borrowed if it contains no escape sequences.
struct JsonString<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for JsonString<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StringVisitor;
        impl<'de> Visitor<'de> for StringVisitor {
            type Value = JsonString<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(JsonString(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(JsonString(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(StringVisitor)
    }
}

/// The last element of an array of strings, or `None` for `null` and an empty array. The other elements are only checked.
struct LastString<'a>(Option<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for LastString<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ArrayVisitor;
        impl<'de> Visitor<'de> for ArrayVisitor {
            type Value = LastString<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of strings")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(LastString(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut last = None;
                while let Some(JsonString(text)) = seq.next_element()? {
                    last = Some(text);
                }
                Ok(LastString(last))
            }
        }
        deserializer.deserialize_any(ArrayVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_last_type() {
        assert_eq!(
            kind(br#"{"x":["1"],"type":["rpc","connect"]}"#),
            Ok(Kind::Connect)
        );
        assert_eq!(
            kind(br#"{"t\u0079pe":["sub\u0072efresh"]}"#),
            Ok(Kind::SubRefresh)
        );
    }

    #[test]
    fn replaces_the_oldest_entry_when_full() {
        let mut contexts = ContextCache::default();
        for _ in 0..3 {
            for number in 0..20 {
                let json = format!(r#"{{"x":["{number}"],"type":["rpc"]}}"#);
                let (kind, metadata) = contexts.parse(json.as_bytes()).unwrap();
                assert_eq!(kind, Kind::Rpc);
                assert_eq!(metadata.one("x"), Ok(Some(number.to_string().as_str())));
            }
            assert!(contexts.parse(b"{}").is_err());
        }
        assert_eq!(contexts.entries.len(), CAPACITY);
    }

    #[test]
    fn reads_null_as_an_empty_array() {
        let json = br#"{"x-tenant":["a"],"y":null,"type":["rpc"]}"#;
        let (kind, metadata) = ContextCache::default().parse(json).unwrap();
        assert_eq!(kind, Kind::Rpc);
        assert_eq!(metadata.one("x-tenant"), Ok(Some("a")));
        assert_eq!(metadata.one("y"), Ok(None));
        assert_eq!(metadata.all("y").count(), 0);
    }

    #[test]
    fn reports_what_is_wrong() {
        for (json, reason) in [
            ("", "can't be read"),
            ("{", "can't be read"),
            ("[]", "can't be read"),
            (r#"{"type":"rpc"}"#, "can't be read"),
            (r#"{"type":[1]}"#, "can't be read"),
            ("{}", "has no event type"),
            (r#"{"type":[]}"#, "has no event type"),
            (r#"{"type":null}"#, "has no event type"),
            (r#"{"type":["nope"]}"#, "`nope` is unknown"),
            (r#"{"type":["map_publish"]}"#, "`map_publish` is unknown"),
        ] {
            let error = kind(json.as_bytes()).unwrap_err();
            assert!(error.contains(reason), "{json}: {error}");
        }
    }
}
