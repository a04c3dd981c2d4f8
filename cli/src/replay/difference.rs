//! What differs between two answers.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::IgnoredPaths;
use super::ignored_paths::{Step, path_text};
use crate::invoke::Response;

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
            (None, None) => f.write_str(path),
        }
    }
}

fn clipped(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(MAX_VALUE_LEN) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}

/// Returns where the answers differ. The order of keys does not matter.
pub fn differences(before: &Response, after: &Response, ignored: &IgnoredPaths) -> Vec<Difference> {
    let value = |response| serde_json::to_value(response).unwrap_or(Value::Null);
    let mut found = Vec::new();
    compare(
        &value(before),
        &value(after),
        ignored,
        &mut Vec::new(),
        &mut found,
    );
    found
}

fn compare(
    before: &Value,
    after: &Value,
    ignored: &IgnoredPaths,
    path: &mut Vec<Step>,
    found: &mut Vec<Difference>,
) {
    if ignored.contains(path) || before == after {
        return;
    }
    match (before, after) {
        (Value::Object(before), Value::Object(after)) if path.len() < MAX_DEPTH => {
            let new = after.keys().filter(|key| !before.contains_key(*key));
            for key in before.keys().chain(new) {
                path.push(Step::Key(key.clone()));
                compare_options(before.get(key), after.get(key), ignored, path, found);
                path.pop();
            }
        }
        (Value::Array(before), Value::Array(after)) if path.len() < MAX_DEPTH => {
            for index in 0..before.len().max(after.len()) {
                path.push(Step::Index(index));
                compare_options(before.get(index), after.get(index), ignored, path, found);
                path.pop();
            }
        }
        _ => found.push(Difference {
            path: path_text(path),
            before: Some(before.clone()),
            after: Some(after.clone()),
        }),
    }
}

fn compare_options(
    before: Option<&Value>,
    after: Option<&Value>,
    ignored: &IgnoredPaths,
    path: &mut Vec<Step>,
    found: &mut Vec<Difference>,
) {
    match (before, after) {
        (Some(before), Some(after)) => compare(before, after, ignored, path, found),
        // Whether a connection expires does matter, unlike when.
        (before, after) => found.push(Difference {
            path: path_text(path),
            before: before.cloned(),
            after: after.cloned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(before: &str, after: &str, ignored: &[&str]) -> Vec<String> {
        let read = |text| serde_json::from_str::<Response>(text).unwrap();
        let ignored = IgnoredPaths::new(ignored.iter().copied());
        let found = differences(&read(before), &read(after), &ignored);
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
}
