//! What differs between two answers.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::IgnoredPaths;
use super::ignored_paths::{Step, path_text};
use crate::invoke::Response;
use crate::printable::printable_json;
use crate::recording::{REMOVED, Removed};

/// The longest value in a text, in characters.
const MAX_VALUE_LEN: usize = 200;
/// How deep answers are compared one by one.
const MAX_DEPTH: usize = 64;

/// A place where two answers differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The place, such as `result.data.items[2].name`.
    pub path: String,
    /// The recorded value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// The new value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => write!(f, "{path}: {} -> {}", clipped(before), clipped(after)),
            (Some(before), None) => write!(f, "{path}: {} is gone", clipped(before)),
            (None, Some(after)) => write!(f, "{path}: {} is new", clipped(after)),
            (None, None) => write!(f, "{path} differs, and is nested too deep to be compared"),
        }
    }
}

fn clipped(value: &Value) -> String {
    let text = printable_json(&value.to_string());
    match text.char_indices().nth(MAX_VALUE_LEN) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}

/// Returns where the answers differ. The order of keys does not matter, and a recorded [`REMOVED`] is equal to any value. New values
/// are without what a recording leaves out.
pub fn differences(
    before: &Response,
    after: &Response,
    ignored: &IgnoredPaths,
    removed: &Removed,
) -> Vec<Difference> {
    let value = |response| serde_json::to_value(response).ok();
    let (Some(before_value), Some(after_value)) = (value(before), value(after)) else {
        return deep_difference(before, after).into_iter().collect();
    };
    let mut comparison = Comparison {
        ignored,
        removed,
        path: Vec::new(),
        found: Vec::new(),
    };
    comparison.compare(&before_value, &after_value);
    comparison.found
}

/// Compares answers that are nested too deep for a [`Value`], as texts.
fn deep_difference(before: &Response, after: &Response) -> Option<Difference> {
    let text = |response| serde_json::to_string(response).unwrap_or_default();
    (text(before) != text(after)).then(|| Difference {
        path: "the answer".to_owned(),
        before: None,
        after: None,
    })
}

/// A comparison of two answers.
struct Comparison<'a> {
    ignored: &'a IgnoredPaths,
    removed: &'a Removed,
    /// The place that is compared.
    path: Vec<Step>,
    found: Vec<Difference>,
}

impl Comparison<'_> {
    fn compare(&mut self, before: &Value, after: &Value) {
        if self.ignored.contains(&self.path) || before == after || before == REMOVED {
            return;
        }
        match (before, after) {
            (Value::Object(before), Value::Object(after)) if self.path.len() < MAX_DEPTH => {
                let new = after.keys().filter(|key| !before.contains_key(*key));
                for key in before.keys().chain(new) {
                    self.compare_at(Step::Key(key.clone()), before.get(key), after.get(key));
                }
            }
            (Value::Array(before), Value::Array(after)) if self.path.len() < MAX_DEPTH => {
                for index in 0..before.len().max(after.len()) {
                    self.compare_at(Step::Index(index), before.get(index), after.get(index));
                }
            }
            _ => self.add(Some(before), Some(after)),
        }
    }

    fn compare_at(&mut self, step: Step, before: Option<&Value>, after: Option<&Value>) {
        self.path.push(step);
        match (before, after) {
            (Some(before), Some(after)) => self.compare(before, after),
            // Whether a connection expires does matter, unlike when.
            (before, after) => self.add(before, after),
        }
        self.path.pop();
    }

    fn add(&mut self, before: Option<&Value>, after: Option<&Value>) {
        self.found.push(Difference {
            path: path_text(&self.path),
            before: before.cloned(),
            after: after.map(|after| self.without_secrets(after)),
        });
    }

    /// Returns a value of the new answer as a recording would have it.
    fn without_secrets(&self, value: &Value) -> Value {
        let is_secret = |step: &Step| matches!(step, Step::Key(key) if self.removed.has_field(key));
        if self.path.iter().any(is_secret) {
            return REMOVED.into();
        }
        let Some(Step::Key(name)) = self.path.last() else {
            let mut value = value.clone();
            self.removed.remove_from(&mut value);
            return value;
        };
        // The name of the member says whether its text is data in base64.
        let mut member = Value::Object([(name.clone(), value.clone())].into_iter().collect());
        self.removed.remove_from(&mut member);
        member[name].take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(before: &str, after: &str, ignored: &[&str]) -> Vec<String> {
        let read = |text| serde_json::from_str::<Response>(text).unwrap();
        let ignored = IgnoredPaths::new(ignored.iter().copied());
        let removed = Removed::new(&["card_number".to_owned()]);
        let found = differences(&read(before), &read(after), &ignored, &removed);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_the_places_that_differ() {
        let before = r#"{"result":{"data":{"name":"Ann","tags":[1,2],"x":1},"expire_at":5}}"#;
        let after = r#"{"result":{"data":{"tags":[1,3,4],"name":"Anna","y":null},"expire_at":6}}"#;
        assert_eq!(
            texts(before, after, &[]),
            [
                "result.data.name: \"Ann\" -> \"Anna\"",
                "result.data.tags[1]: 2 -> 3",
                "result.data.tags[2]: 4 is new",
                "result.data.x: 1 is gone",
                "result.data.y: null is new",
            ]
        );
        assert_eq!(texts(before, after, &["result.data"]), [""; 0]);
        assert_eq!(texts(before, before, &[]), [""; 0]);
        assert_eq!(
            texts(r#"{"result":{"expire_at":5}}"#, r#"{"result":{}}"#, &[]),
            ["result.expire_at: 5 is gone"]
        );
        assert_eq!(
            texts(r#"{"result":{}}"#, r#"{"error":{"code":101}}"#, &[]),
            [
                "result: {} is gone",
                r#"error: {"code":101,"message":"","temporary":false} is new"#
            ]
        );
    }

    #[test]
    fn clips_long_values() {
        let before = format!(r#"{{"result":"{}"}}"#, "é".repeat(1000));
        let text = &texts(&before, r#"{"result":1}"#, &[])[0];
        assert!(text.len() < 500 && text.contains("… (2002 bytes) -> 1"), "{text}");
    }

    #[test]
    fn a_removed_value_is_equal_to_any() {
        let before = r#"{"result":{"data":{"token":"[removed]","n":1},"b64data":"[removed]"}}"#;
        let after = r#"{"result":{"data":{"token":"t1","n":1},"b64data":"AP8="}}"#;
        assert_eq!(texts(before, after, &[]), [""; 0]);
        let gone = r#"{"result":{"data":{"n":1},"b64data":"AP8="}}"#;
        assert_eq!(
            texts(before, gone, &[]),
            ["result.data.token: \"[removed]\" is gone"]
        );
    }

    #[test]
    fn prints_no_new_secret() {
        for (before, after) in [
            (
                r#"{"result":{"data":{}}}"#,
                r#"{"result":{"data":{"token":"t1"}}}"#,
            ),
            (
                r#"{"result":{"data":{"token":["t0"]}}}"#,
                r#"{"result":{"data":{"token":["t1"]}}}"#,
            ),
            (
                r#"{"error":{"code":1}}"#,
                r#"{"result":{"data":[{"Secret":"t1"}]}}"#,
            ),
            (
                r#"{"result":{"data":[]}}"#,
                r#"{"result":{"data":[{"password":"t1"}]}}"#,
            ),
            (
                r#"{"error":{"code":1}}"#,
                r#"{"result":{"data":{"card_number":"t1"}}}"#,
            ),
            // `{"token":"t1"} ` and `t1` in base64.
            (
                r#"{"result":{}}"#,
                r#"{"result":{"b64data":"eyJ0b2tlbiI6InQxIn0g"}}"#,
            ),
            (r#"{"result":{}}"#, r#"{"result":{"b64data":"dDE="}}"#),
        ] {
            let texts = texts(before, after, &[]).join("; ");
            let is_secret = |part| texts.contains(part);
            assert!(
                !is_secret("t1") && !is_secret("eyJ") && !is_secret("dDE"),
                "{texts}"
            );
            assert!(texts.contains("[removed]"), "{texts}");
        }
    }

    #[test]
    fn compares_answers_that_are_nested_deep() {
        let deep = |inner: &str| {
            format!(
                r#"{{"result":{{"data":{}{inner}{}}}}}"#,
                "[".repeat(120),
                "]".repeat(120)
            )
        };
        let nested = |inner: &str| {
            let json = deep(&format!("{}{inner}{}", "[".repeat(120), "]".repeat(120)));
            let raw = serde_json::value::RawValue::from_string(json).unwrap();
            Response::from_json(&raw).unwrap()
        };
        let (ignored, removed) = (IgnoredPaths::default(), Removed::default());
        assert!(differences(&nested("1"), &nested("1"), &ignored, &removed).is_empty());
        assert_eq!(
            differences(&nested("1"), &nested("2"), &ignored, &removed).len(),
            1
        );
        let shallow = serde_json::from_str(r#"{"result":{}}"#).unwrap();
        assert_eq!(differences(&nested("1"), &shallow, &ignored, &removed).len(), 1);
    }

    #[test]
    fn prints_no_control_characters() {
        let texts = texts(
            "{\"result\":{\"a\u{9b}\":\"\u{9b}1\"}}",
            "{\"result\":{\"a\u{9b}\":\"\u{9b}2\"}}",
            &[],
        );
        assert_eq!(texts, [r#"result["a\u{9b}"]: "\u009b1" -> "\u009b2""#]);
    }
}
