//! The whole document.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Channel, Configuration, Endpoint, ErrorType, Handler, InvalidDescription};

/// The version of the document that this library reads.
const VERSION: u64 = 1;

/// A program's description of itself.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Description {
    /// The handlers, sorted by event and pattern.
    pub handlers: Vec<Handler>,
    /// The channel types, sorted by pattern.
    pub channels: Vec<Channel>,
    /// The error types, or `None` if the program is built without the feature `schema`.
    pub errors: Option<Vec<ErrorType>>,
    /// The definitions to which schemas refer as `#/schemas/NAME`, or `None` without the feature `schema`.
    pub schemas: Option<Map<String, Value>>,
    /// The features of the crate `centrifugo` that the program is built with.
    pub features: Vec<String>,
    /// The time limit of handlers whose attribute has none, in milliseconds.
    pub handler_timeout_ms: u64,
    /// The program's own endpoint, or `None` if only RoadRunner can run the program.
    pub endpoint: Option<Endpoint>,
    /// The configurations that send events to the program.
    pub configuration: Configuration,
}

impl Description {
    /// Reads the document that a program has printed. Text around the document, such as lines that a `build` hook or `main`
    /// prints before it, is ignored.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no document, or if its version is not known.
    pub fn parse(text: &str) -> Result<Self, InvalidDescription> {
        let document = Self::document(text)?;
        serde_json::from_value(document).map_err(|error| InvalidDescription::Content(error.to_string()))
    }

    /// Returns the document that a program has printed, with what this library does not read, too.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no document, or if its version is not known.
    pub fn document(text: &str) -> Result<Value, InvalidDescription> {
        let document = find_document(text)?;
        match &document["version"] {
            Value::Number(version) if version.as_u64() == Some(VERSION) => {}
            Value::Number(version) => return Err(InvalidDescription::Version(version.to_string())),
            _ => return Err(InvalidDescription::NoVersion),
        }
        Ok(document)
    }
}

/// Returns the JSON that begins on the first line with `{` or `[` that can be parsed.
fn find_document(text: &str) -> Result<Value, InvalidDescription> {
    if text.trim().is_empty() {
        return Err(InvalidDescription::Empty);
    }
    let mut first_error = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(['{', '[']) {
            let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
            match values.next() {
                Some(Ok(value)) if value.is_array() || value.get("version").is_some() => return Ok(value),
                Some(Err(error)) => {
                    first_error.get_or_insert(error.to_string());
                }
                Some(Ok(_)) | None => {}
            }
        }
        start += line.len();
    }
    Err(first_error.map_or(InvalidDescription::NotJson, InvalidDescription::Content))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Description, String> {
        Description::parse(text).map_err(|error| error.to_string())
    }

    const SMALL: &str = r#"{ "version": 1, "handlers": [], "channels": [], "errors": null, "schemas": null, "features": ["grpc"],
        "handler_timeout_ms": 10000, "endpoint": null, "a_new_key": 1,
        "configuration": { "centrifugo": null, "roadrunner": { "rr": {}, "centrifugo": {} } } }"#;

    #[test]
    fn reads_a_document_between_other_lines() {
        let text = format!("starting\n{{not json}}\n{SMALL}\nbye\n");
        let description = parse(&text).unwrap();
        assert_eq!(
            (description.features, description.handler_timeout_ms),
            (vec!["grpc".to_owned()], 10000)
        );
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, part) in [
            ("", "printed nothing"),
            (" \n", "printed nothing"),
            ("hello\n", "printed no JSON"),
            ("[]", "older version"),
            (r#"{ "version": "x" }"#, "older version"),
            (r#"{ "version": 2 }"#, "version 2"),
            (r#"{ "version": 1 }"#, "missing field"),
            ("{ \"version\": 1, ", "EOF"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
