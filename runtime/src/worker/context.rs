//! The context of an event: the metadata of Centrifugo's call as JSON, with RoadRunner's name of the event in `type`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::error::describe;
use crate::event::{Kind, Metadata};
use crate::logging::clip;

/// How many contexts are kept.
const KEPT: usize = 8;
/// Longer ones are read each time: what is kept must not grow with what clients send.
const KEPT_LEN: usize = 4 * 1024;

/// Contexts that were read before. Without forwarded headers all events of a kind have the same.
#[derive(Default)]
pub(crate) struct Contexts {
    known: Vec<(Bytes, Kind, Arc<Metadata>)>,
    next: usize,
}

impl Contexts {
    /// The kind and the metadata of a context.
    pub(crate) fn read(&mut self, json: &[u8]) -> Result<(Kind, Arc<Metadata>), String> {
        if let Some((_, kind, metadata)) = self.known.iter().find(|(known, ..)| known == json) {
            return Ok((*kind, metadata.clone()));
        }
        let kind = kind(json)?;
        // A copy: the frame's memory is free for the next one.
        let json = Bytes::copy_from_slice(json);
        let metadata = Arc::new(Metadata::from_checked_json(json.clone()));
        if json.len() <= KEPT_LEN {
            let entry = (json, kind, metadata.clone());
            match self.known.get_mut(self.next) {
                Some(slot) => *slot = entry,
                None => self.known.push(entry),
            }
            self.next = (self.next + 1) % KEPT;
        }
        Ok((kind, metadata))
    }
}

/// The kind that a context names.
///
/// The plugin *appends* its name to `type`; a client's forwarded header of that name stands in front. So the last counts.
fn kind(json: &[u8]) -> Result<Kind, String> {
    let context: Context<'_> = serde_json::from_slice(json)
        .map_err(|error| format!("the context can't be read: {}", describe(&error)))?;
    let name = context.event.ok_or("the context names no type of event")?;
    Kind::from_relay_name(&name).ok_or_else(|| format!("the type of event `{}` is unknown", clip(&name)))
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
        f.write_str("an object of lists of strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut event = None;
        while let Some(Text(key)) = map.next_key()? {
            let Last(last) = map.next_value()?;
            if key == "type" {
                event = last;
            }
        }
        Ok(Context { event })
    }
}

/// A string that is borrowed where it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// The last element of a list of strings, which may be `null`; the others are checked and dropped.
struct Last<'a>(Option<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Last<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor;
        impl<'de> Visitor<'de> for ListVisitor {
            type Value = Last<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of strings")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Last(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut last = None;
                while let Some(Text(text)) = seq.next_element()? {
                    last = Some(text);
                }
                Ok(Last(last))
            }
        }
        deserializer.deserialize_any(ListVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_type_counts() {
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
    fn many_contexts_take_turns() {
        let mut contexts = Contexts::default();
        for _ in 0..3 {
            for number in 0..20 {
                let json = format!(r#"{{"x":["{number}"],"type":["rpc"]}}"#);
                let (kind, metadata) = contexts.read(json.as_bytes()).unwrap();
                assert_eq!(kind, Kind::Rpc);
                assert_eq!(metadata.one("x"), Ok(Some(number.to_string().as_str())));
            }
            assert!(contexts.read(b"{}").is_err());
        }
        assert_eq!(contexts.known.len(), KEPT);
    }

    #[test]
    fn a_list_that_is_null_is_empty_and_costs_no_other_header() {
        let json = br#"{"x-tenant":["a"],"y":null,"type":["rpc"]}"#;
        let (kind, metadata) = Contexts::default().read(json).unwrap();
        assert_eq!(kind, Kind::Rpc);
        assert_eq!(metadata.one("x-tenant"), Ok(Some("a")));
        assert_eq!(metadata.one("y"), Ok(None));
        assert_eq!(metadata.all("y").count(), 0);
    }

    #[test]
    fn what_is_broken_is_named() {
        for (json, reason) in [
            ("", "can't be read"),
            ("{", "can't be read"),
            ("[]", "can't be read"),
            (r#"{"type":"rpc"}"#, "can't be read"),
            (r#"{"type":[1]}"#, "can't be read"),
            ("{}", "names no type"),
            (r#"{"type":[]}"#, "names no type"),
            (r#"{"type":null}"#, "names no type"),
            (r#"{"type":["nope"]}"#, "`nope` is unknown"),
            (r#"{"type":["map_publish"]}"#, "`map_publish` is unknown"),
        ] {
            let error = kind(json.as_bytes()).unwrap_err();
            assert!(error.contains(reason), "{json}: {error}");
        }
    }
}
