//! Events as a recording has them.

use std::collections::BTreeMap;

use http::HeaderMap;
use serde_json::Value;

/// The text in place of a value that is left out.
const REMOVED: &str = "[removed]";

/// What a recording leaves out.
#[derive(Clone, Debug)]
pub(crate) struct Removed {
    /// Names of members of data, meta and answers, in lower case.
    fields: Vec<String>,
}

impl Removed {
    /// Leaves out these members beside the usual ones.
    pub(crate) fn new(fields: &[String]) -> Self {
        let usual = ["password", "secret", "token"];
        let fields = usual
            .into_iter()
            .chain(fields.iter().map(String::as_str))
            .map(str::to_ascii_lowercase)
            .collect();
        Self { fields }
    }

    fn has_field(&self, name: &str) -> bool {
        self.fields.iter().any(|field| name.eq_ignore_ascii_case(field))
    }

    fn remove_from(&self, value: &mut Value) -> bool {
        match value {
            Value::Object(members) => {
                let mut is_changed = false;
                for (name, value) in members {
                    if self.has_field(name) {
                        *value = REMOVED.into();
                        is_changed = true;
                    } else {
                        is_changed |= self.remove_from(value);
                    }
                }
                is_changed
            }
            Value::Array(items) => items
                .iter_mut()
                .fold(false, |is_changed, item| self.remove_from(item) | is_changed),
            _ => false,
        }
    }

    /// Returns the text on one line, without the values. Numbers in texts without such values are not changed at all.
    fn clean(&self, json: &str) -> String {
        let mut value: Value = match serde_json::from_str(json) {
            Ok(value) => value,
            Err(_) => return "null".to_owned(),
        };
        if self.remove_from(&mut value) {
            value.to_string()
        } else {
            // In JSON, line breaks only stand between values.
            json.replace(['\n', '\r'], " ")
        }
    }
}

/// Whether a metadata key may hold a secret.
fn is_secret(key: &str) -> bool {
    [
        "auth", "cookie", "token", "secret", "password", "api-key", "apikey",
    ]
    .iter()
    .any(|part| key.contains(part))
}

/// Whether a header is part of the transport.
fn is_transport(key: &str) -> bool {
    matches!(key, "content-length" | "content-type" | "te" | "user-agent") || key.starts_with("grpc-")
}

/// Returns the metadata of a call without what belongs to the transport.
pub(super) fn metadata_map(headers: &HeaderMap) -> BTreeMap<String, Vec<String>> {
    let mut map = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in headers {
        if !is_transport(name.as_str()) {
            map.entry(name.as_str().to_owned())
                .or_default()
                .push(String::from_utf8_lossy(value.as_bytes()).into_owned());
        }
    }
    map
}

/// An event as a recording has it.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(super) kind: &'static str,
    pub(super) two_way: bool,
    pub(super) request: String,
    pub(super) metadata: BTreeMap<String, Vec<String>>,
    pub(super) answer: String,
    pub(super) at_ms: u64,
}

impl Recorded {
    /// Returns a line of a recording that began at this time, without its end. `RecordedEvent` reads it.
    pub(crate) fn line(&self, removed: &Removed, began_ms: u64) -> String {
        let metadata: BTreeMap<_, _> = self.metadata.iter().filter(|(key, _)| !is_secret(key)).collect();
        let metadata = serde_json::to_string(&metadata).unwrap_or_else(|_| "{}".to_owned());
        let two_way = if self.two_way { "\"two_way\":true," } else { "" };
        format!(
            "{{\"kind\":\"{}\",{two_way}\"request\":{},\"metadata\":{metadata},\"answer\":{},\"at_ms\":{}}}",
            self.kind,
            removed.clean(&self.request),
            removed.clean(&self.answer),
            self.at_ms.saturating_sub(began_ms)
        )
    }

    /// Returns when the event came, in Unix milliseconds.
    pub(crate) fn at_ms(&self) -> u64 {
        self.at_ms
    }

    /// Returns how much memory this takes, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.request.len() + self.answer.len() + 256
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::RecordedEvent;

    #[test]
    fn writes_one_line_for_an_event() {
        let recorded = Recorded {
            kind: "rpc",
            two_way: false,
            request: "{\"data\":{\r\n  \"text\": \"a\\nb\"\n}}".into(),
            metadata: BTreeMap::new(),
            answer: "{\"result\":{\"data\":[\n1]}}".into(),
            at_ms: 0,
        };
        let line = recorded.line(&Removed::new(&[]), 0);
        assert!(!line.contains(['\n', '\r']), "{line}");
        let value: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["request"]["data"]["text"], "a\nb");
    }

    #[test]
    fn leaves_out_secrets() {
        let recorded = Recorded {
            kind: "rpc",
            two_way: false,
            request:
                r#"{"user":"42","data":{"n":12345678901234567890123,"Password":"x","list":[{"pin":1}]}}"#
                    .into(),
            metadata: [("authorization", "Bearer x"), ("x-tenant", "a")]
                .map(|(key, value)| (key.to_owned(), vec![value.to_owned()]))
                .into(),
            answer: r#"{"result":{"data":12345678901234567890123}}"#.into(),
            at_ms: 7,
        };
        let line = recorded.line(&Removed::new(&["pin".to_owned()]), 2);
        let value: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["request"]["data"]["Password"], REMOVED);
        assert_eq!(value["request"]["data"]["list"][0]["pin"], REMOVED);
        assert_eq!(value["metadata"], serde_json::json!({ "x-tenant": ["a"] }));
        assert_eq!((&value["kind"], &value["at_ms"]), (&"rpc".into(), &5.into()));
        let read: RecordedEvent = serde_json::from_str(&line).unwrap();
        assert!(read.answer.response().is_ok());
        // Numbers of any size are kept.
        assert!(
            line.contains(r#""answer":{"result":{"data":12345678901234567890123}}"#),
            "{line}"
        );
    }
}
