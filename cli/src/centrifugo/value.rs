//! The values of keys, and how Centrifugo converts what stands in files and variables.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value as Json;

use super::go_duration;
use super::key_type::KeyType;

/// The value of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
    /// A duration in nanoseconds.
    Duration(i64),
    /// A list of texts.
    TextList(Vec<String>),
    /// Texts by name.
    TextMap(BTreeMap<String, String>),
}

impl Value {
    /// Converts a value of a file, as Centrifugo does: `"true"` is a bool, `"8000"` is a number, and a number is a duration in
    /// nanoseconds. Returns `None` if Centrifugo does not start with the value.
    pub fn from_file(key_type: KeyType, json: &Json) -> Option<Self> {
        Some(match key_type {
            KeyType::Bool => Self::Bool(match json {
                Json::Bool(value) => *value,
                Json::Number(value) => value.as_f64()? != 0.0,
                Json::String(text) if text.is_empty() => false,
                Json::String(text) => go_bool(text)?,
                _ => return None,
            }),
            KeyType::Int => Self::Int(match json {
                Json::Bool(value) => i64::from(*value),
                Json::Number(value) => number(value)?,
                Json::String(text) if text.is_empty() => 0,
                Json::String(text) => go_int(text)?,
                _ => return None,
            }),
            KeyType::Text => Self::Text(weak_text(json)?),
            KeyType::Duration => Self::Duration(match json {
                Json::String(text) => go_duration::parse(text)?,
                Json::Number(value) => number(value)?,
                Json::Bool(value) => i64::from(*value),
                _ => return None,
            }),
            KeyType::TextList => Self::TextList(match json {
                Json::Array(items) => items.iter().map(weak_text).collect::<Option<_>>()?,
                Json::String(text) if text.is_empty() => Vec::new(),
                other => vec![weak_text(other)?],
            }),
            KeyType::TextMap => Self::TextMap(text_map(json)?),
            KeyType::Object | KeyType::ObjectList => return None,
        })
    }

    /// Converts the text of a variable.
    pub(super) fn from_variable(key_type: KeyType, text: &str) -> Option<Self> {
        Some(match key_type {
            KeyType::Bool => Self::Bool(go_bool(text)?),
            KeyType::Int => Self::Int(go_int(text)?),
            KeyType::Text => Self::Text(text.to_owned()),
            KeyType::Duration => Self::Duration(go_duration::parse(text)?),
            KeyType::TextList if text.trim().is_empty() => Self::TextList(Vec::new()),
            KeyType::TextList => Self::TextList(text.split(' ').map(str::to_owned).collect()),
            KeyType::TextMap => {
                let map: BTreeMap<String, String> = serde_json::from_str(text).ok()?;
                Self::TextMap(map)
            }
            KeyType::Object | KeyType::ObjectList => return None,
        })
    }

    /// Converts a value of the JSON in a variable, which must have the exact type.
    pub(super) fn from_json(key_type: KeyType, json: &Json) -> Option<Self> {
        Some(match (key_type, json) {
            (KeyType::Bool, Json::Bool(value)) => Self::Bool(*value),
            (KeyType::Int, Json::Number(value)) => Self::Int(value.as_i64()?),
            (KeyType::Text, Json::String(text)) => Self::Text(text.clone()),
            (KeyType::Duration, Json::String(text)) => Self::Duration(go_duration::parse(text)?),
            (KeyType::Duration, Json::Number(value)) => Self::Duration(value.as_i64()?),
            (KeyType::TextList, Json::Array(items)) => Self::TextList(
                items
                    .iter()
                    .map(|item| item.as_str().map(str::to_owned))
                    .collect::<Option<_>>()?,
            ),
            (KeyType::TextMap, Json::Object(map)) => Self::TextMap(
                map.iter()
                    .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                    .collect::<Option<_>>()?,
            ),
            _ => return None,
        })
    }

    /// Whether the value is the one that Go calls zero, in whose place a default applies.
    pub(super) fn is_zero(&self) -> bool {
        match self {
            Self::Bool(value) => !value,
            Self::Int(value) | Self::Duration(value) => *value == 0,
            Self::Text(text) => text.is_empty(),
            Self::TextList(items) => items.is_empty(),
            Self::TextMap(map) => map.is_empty(),
        }
    }

    /// Returns the zero value of a type.
    pub(super) fn zero(key_type: KeyType) -> Self {
        match key_type {
            KeyType::Bool => Self::Bool(false),
            KeyType::Int => Self::Int(0),
            KeyType::Text => Self::Text(String::new()),
            KeyType::Duration => Self::Duration(0),
            KeyType::TextMap => Self::TextMap(BTreeMap::new()),
            KeyType::TextList | KeyType::Object | KeyType::ObjectList => Self::TextList(Vec::new()),
        }
    }

    /// The texts in the value.
    pub(super) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(text) => vec![text],
            Self::TextList(items) => items.iter().map(String::as_str).collect(),
            Self::TextMap(map) => map.values().map(String::as_str).collect(),
            Self::Bool(_) | Self::Int(_) | Self::Duration(_) => Vec::new(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Duration(nanos) => f.write_str(&go_duration::format(*nanos)),
            Self::TextList(items) => write!(f, "{items:?}"),
            Self::TextMap(map) => write!(f, "{map:?}"),
        }
    }
}

/// Reads a bool as Go's `strconv.ParseBool` does.
fn go_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Reads a number as Go's `strconv.ParseInt` with base 0 does, but for `_` between digits.
fn go_int(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.get(..2) {
        Some("0x") => (16, &lower[2..]),
        Some("0b") => (2, &lower[2..]),
        Some("0o") => (8, &lower[2..]),
        Some(_) if lower.starts_with('0') => (8, &lower[1..]),
        _ => (10, &*lower),
    };
    if !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    i64::from_str_radix(digits, radix).ok().map(|value| sign * value)
}

/// Returns a whole number. Go cuts the fraction off.
fn number(value: &serde_json::Number) -> Option<i64> {
    value.as_i64().or_else(|| {
        value
            .as_f64()
            .filter(|float| float.abs() < 9e18)
            .map(|float| float as i64)
    })
}

fn weak_text(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Bool(value) => Some(u8::from(*value).to_string()),
        Json::Number(value) => Some(value.to_string()),
        _ => None,
    }
}

/// Reads an object of texts, or a list of objects with `key` and `value`.
fn text_map(json: &Json) -> Option<BTreeMap<String, String>> {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    match json {
        Json::Object(map) => map
            .iter()
            .map(|(name, value)| Some((name.to_lowercase(), text(value)?)))
            .collect(),
        Json::Array(items) => {
            let mut map = BTreeMap::new();
            for item in items {
                if map.insert(text(&item["key"])?, text(&item["value"])?).is_some() {
                    return None;
                }
            }
            Some(map)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn converts_values_of_files_as_centrifugo_does() {
        for (key_type, json, expected) in [
            (KeyType::Bool, json!("true"), Some(Value::Bool(true))),
            (KeyType::Bool, json!(1), Some(Value::Bool(true))),
            (KeyType::Bool, json!("yes"), None),
            (KeyType::Int, json!("0x10"), Some(Value::Int(16))),
            (KeyType::Int, json!("010"), Some(Value::Int(8))),
            (KeyType::Int, json!("0"), Some(Value::Int(0))),
            (KeyType::Int, json!(2.9), Some(Value::Int(2))),
            (KeyType::Int, json!("x"), None),
            (KeyType::Text, json!(8000), Some(Value::Text("8000".into()))),
            (KeyType::Text, json!({}), None),
            (
                KeyType::Duration,
                json!("2s"),
                Some(Value::Duration(2_000_000_000)),
            ),
            (KeyType::Duration, json!(5), Some(Value::Duration(5))),
            (KeyType::Duration, json!("5"), None),
            (
                KeyType::TextList,
                json!("a"),
                Some(Value::TextList(vec!["a".into()])),
            ),
            (KeyType::TextMap, json!({ "A": 1 }), None),
        ] {
            assert_eq!(Value::from_file(key_type, &json), expected, "{json}");
        }
        let map = Value::from_file(KeyType::TextMap, &json!([{ "key": "A", "value": "b" }]));
        assert_eq!(map, Value::from_variable(KeyType::TextMap, r#"{"A":"b"}"#));
        // Names in objects lose their case.
        let map = Value::from_file(KeyType::TextMap, &json!({ "A": "b" }));
        assert_eq!(map, Value::from_variable(KeyType::TextMap, r#"{"a":"b"}"#));
    }

    #[test]
    fn json_in_variables_is_strict() {
        assert_eq!(Value::from_json(KeyType::Bool, &json!("true")), None);
        assert_eq!(
            Value::from_json(KeyType::Bool, &json!(true)),
            Some(Value::Bool(true))
        );
        assert_eq!(
            Value::from_json(KeyType::Duration, &json!("1m")),
            Some(Value::Duration(60_000_000_000))
        );
    }
}
