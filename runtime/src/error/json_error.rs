//! Errors of JSON that show no value of the data.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::logging::clip;

/// Why JSON does not fit a type, and where: `$.user.password: expected u64, found a string`.
///
/// Unlike serde's own text it shows no value of the data, which may be a password.
#[derive(Debug)]
pub(crate) struct JsonError {
    path: String,
    mismatch: String,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", clip(&self.path), clip(&self.mismatch))
    }
}

impl std::error::Error for JsonError {}

/// Deserializes JSON. If that fails, the JSON is read a second time for the path of the mismatch.
pub(crate) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, JsonError> {
    serde_json::from_slice(json).map_err(|error| {
        let again = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_slice(json));
        let path = match again {
            Err(error) => path(&error.path().to_string()),
            Ok(_) => "$".to_owned(),
        };
        let mismatch = describe(&error);
        JsonError { path, mismatch }
    })
}

/// Converts a path to JSONPath: `$`, `$[1]`, `$.user`.
fn path(path: &str) -> String {
    match path {
        "." => "$".to_owned(),
        path if path.starts_with('[') => format!("${path}"),
        path => format!("$.{path}"),
    }
}

/// Returns what is wrong, without values.
///
/// Only the parts of serde's texts that come from the type are kept. Texts of custom errors are dropped.
pub(crate) fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if error.classify() == Category::Data {
        return mismatch(&text);
    }
    // The parser's own texts are constants. Those of an escape that is half of a surrogate pair do not say so.
    let surrogate = [
        "lone leading surrogate in hex escape",
        "unexpected end of hex escape",
    ]
    .into_iter()
    .find_map(|constant| text.strip_prefix(constant));
    match surrogate {
        Some(place) => format!("a string has half of a surrogate pair (an escape from D800 to DFFF){place}"),
        None => text,
    }
}

fn mismatch(text: &str) -> String {
    let text = text.rsplit_once(" at line ").map_or(text, |(text, _)| text);
    // The value may contain the same words, so the last occurrence is taken.
    let expected = text.rsplit_once(", expected ").map(|(_, expected)| expected);
    let starts = |beginning| text.strip_prefix(beginning);
    let name_of = |rest: &str| {
        let name = rest.strip_suffix('`')?;
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        name.chars().all(fits).then(|| name.to_owned())
    };
    if let (Some(value), Some(expected)) = (starts("invalid type: "), expected) {
        format!("expected {expected}, found {}", found(value))
    } else if let (Some(value), Some(expected)) = (starts("invalid value: "), expected) {
        format!("expected {expected}, found another value: {}", found(value))
    } else if let (Some(_), Some(expected)) = (starts("invalid length "), expected) {
        format!("expected {expected}, found another length")
    } else if let (Some(_), Some(expected)) = (starts("unknown variant `"), expected) {
        format!("unknown variant, expected {expected}")
    } else if let (Some(_), Some(expected)) = (starts("unknown field `"), expected) {
        format!("unknown field, expected {expected}")
    } else if let Some(name) = starts("missing field `").and_then(name_of) {
        format!("missing field `{name}`")
    } else if let Some(name) = starts("duplicate field `").and_then(name_of) {
        format!("duplicate field `{name}`")
    } else if starts("data did not match any variant of untagged enum ").is_some() {
        "no variant of an untagged enum fits".to_owned()
    } else {
        "refused by the type".to_owned()
    }
}

/// Returns the kind of a value from the beginning of serde's text for it.
fn found(value: &str) -> &'static str {
    let kinds = [
        ("null", "null"),
        ("unit value", "null"),
        ("boolean ", "a boolean"),
        ("integer ", "an integer"),
        ("floating point ", "a number with a fraction"),
        ("number", "a number"),
        ("character ", "a string"),
        ("string ", "a string"),
        ("byte array", "bytes"),
        ("sequence", "an array"),
        ("map", "an object"),
    ];
    kinds
        .into_iter()
        .find(|(beginning, _)| value.starts_with(beginning))
        .map_or("something else", |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::net::IpAddr;

    use proptest::prelude::*;
    use serde::Deserialize;
    use serde::de::{Deserializer, Error as _};

    use super::*;

    fn error<T: DeserializeOwned>(json: &str) -> String {
        match parse::<T>(json.as_bytes()) {
            Ok(_) => panic!("{json} fits"),
            Err(error) => error.to_string(),
        }
    }

    #[allow(dead_code, reason = "none of it is read")]
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case")]
    enum Side {
        Buy,
        SellAll { lots: u8 },
    }

    #[allow(dead_code, reason = "none of it is read")]
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u8),
        Flag(bool),
    }

    struct Custom;

    impl<'de> Deserialize<'de> for Custom {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = String::deserialize(deserializer)?;
            Err(D::Error::custom(format!("`{text}` is no password")))
        }
    }

    #[test]
    fn names_the_path_and_the_kinds() {
        type Numbers = BTreeMap<String, Vec<u8>>;
        assert_eq!(
            error::<Numbers>(r#"{"a":[1,"x"]}"#),
            "$.a[1]: expected u8, found a string"
        );
        assert_eq!(
            error::<Vec<u8>>("[1.5]"),
            "$[0]: expected u8, found a number with a fraction"
        );
        assert_eq!(
            error::<Vec<u8>>("[300]"),
            "$[0]: expected u8, found another value: an integer"
        );
        assert_eq!(error::<u8>("null"), "$: expected u8, found null");
        assert_eq!(error::<u8>("[]"), "$: expected u8, found an array");
        assert_eq!(error::<u8>("{}"), "$: expected u8, found an object");
        assert_eq!(error::<u8>("true"), "$: expected u8, found a boolean");
        assert_eq!(
            error::<(u8, u8)>("[1]"),
            "$: expected a tuple of size 2, found another length"
        );
        assert_eq!(
            error::<Side>(r#""hunter2""#),
            "$: unknown variant, expected `buy` or `sell-all`"
        );
        assert_eq!(
            error::<Side>(r#"{"sell-all":{}}"#),
            "$.sell-all: missing field `lots`"
        );
        assert_eq!(
            error::<Either>(r#""hunter2""#),
            "$: no variant of an untagged enum fits"
        );
        for json in [
            r#""\ud800""#,
            r#""\ud800x""#,
            r#""\ud800\n""#,
            r#""\ud800\u0041""#,
            r#""\udc00""#,
        ] {
            let text = error::<String>(json);
            assert!(
                text.starts_with("$: a string has half of a surrogate pair"),
                "{text}"
            );
        }
        assert_eq!(error::<u8>(""), "$: EOF while parsing a value at line 1 column 0");
        assert_eq!(error::<u8>("1 2"), "$: trailing characters at line 1 column 3");
    }

    #[test]
    fn shows_no_value() {
        for text in [
            error::<Custom>(r#""hunter2""#),
            error::<u8>(r#""hunter2""#),
            error::<u8>(r#""x, expected hunter2""#),
            error::<IpAddr>(r#""hunter2""#),
            error::<Side>(r#""x`, expected hunter2""#),
            error::<Side>(r#"{"sell-all":{"lots":"hunter2"}}"#),
            error::<bool>(r#""hunter2 at line 1""#),
        ] {
            assert!(!text.contains("hunter2"), "{text}");
        }
        let long = format!(r#"{{"{}":"x"}}"#, "k".repeat(60_000));
        assert!(error::<BTreeMap<String, u8>>(&long).len() < 500);
    }

    proptest! {
        #[test]
        fn never_shows_a_value(value in "[`\", a-z]{0,20}hunter2[`\", a-z]{0,40}") {
            let json = serde_json::Value::from(value).to_string();
            for text in [error::<u8>(&json), error::<Side>(&json), error::<Custom>(&json), error::<Vec<u8>>(&json)] {
                prop_assert!(!text.contains("hunter2"), "{}", text);
            }
        }
    }
}
