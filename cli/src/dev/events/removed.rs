//! What recordings leave out.

use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::recording::{RecordedAnswer, RecordedEvent};

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

    /// Returns an event without the values.
    pub(crate) fn remove(&self, event: &RecordedEvent) -> RecordedEvent {
        let metadata = event.metadata.iter().filter(|(key, _)| !is_secret(key));
        RecordedEvent {
            request: self.clean(&event.request),
            metadata: metadata
                .map(|(key, values)| (key.clone(), values.clone()))
                .collect(),
            answer: match &event.answer {
                RecordedAnswer::Response(response) => RecordedAnswer::Response(self.clean(response)),
                status @ RecordedAnswer::Status(_) => status.clone(),
            },
            ..event.clone()
        }
    }

    /// Returns JSON without the values. JSON without such values is not changed at all.
    fn clean(&self, json: &RawValue) -> Box<RawValue> {
        let Ok(mut value) = serde_json::from_str::<Value>(json.get()) else {
            return RawValue::NULL.to_owned();
        };
        if self.remove_from(&mut value) {
            to_raw_value(&value).unwrap_or_else(|_| RawValue::NULL.to_owned())
        } else {
            json.to_owned()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::Event;

    #[test]
    fn leaves_out_secrets() {
        let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
        let event = RecordedEvent {
            kind: Event::Rpc,
            two_way: false,
            request: raw(
                r#"{"user":"42","data":{"n":12345678901234567890123,"Password":"x","list":[{"pin":1}]}}"#,
            ),
            metadata: [("authorization", "Bearer x"), ("x-tenant", "a")]
                .map(|(key, value)| (key.to_owned(), vec![value.to_owned()]))
                .into(),
            answer: RecordedAnswer::Response(raw(r#"{"result":{"data":12345678901234567890123}}"#)),
            at_ms: 7,
        };
        let removed = Removed::new(&["pin".to_owned()]);
        let line = serde_json::to_string(&removed.remove(&event)).unwrap();
        let value: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["request"]["data"]["Password"], REMOVED);
        assert_eq!(value["request"]["data"]["list"][0]["pin"], REMOVED);
        assert_eq!(value["metadata"], serde_json::json!({ "x-tenant": ["a"] }));
        // Numbers of any size are kept.
        assert!(
            line.contains(r#""answer":{"result":{"data":12345678901234567890123}}"#),
            "{line}"
        );
    }
}
