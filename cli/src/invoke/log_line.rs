//! A line of a program's log.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Outcome;

/// A line of a program's log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct LogLine {
    /// The level in lower case, or `output` for text that the program printed itself.
    pub level: String,
    /// The message, and the fields after it.
    pub text: String,
    /// The outcome, if the line says how an event ended.
    #[serde(skip)]
    pub outcome: Option<Outcome>,
    /// The client of the event that the line belongs to.
    #[serde(skip)]
    pub client: Option<String>,
}

/// A line of `WORKER_LOG=json`.
#[derive(Deserialize)]
struct JsonLine {
    level: String,
    #[serde(default)]
    target: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    fields: Map<String, Value>,
    #[serde(default)]
    spans: Vec<Map<String, Value>>,
}

impl LogLine {
    /// Reads a line. Any text is a line.
    pub fn parse(line: &str) -> Self {
        let Ok(line) = serde_json::from_str::<JsonLine>(line) else {
            return Self {
                level: "output".to_owned(),
                text: line.to_owned(),
                outcome: None,
                client: None,
            };
        };
        let is_end_of_event = line.target == "centrifugo::event";
        let outcome = line.fields.get("outcome").and_then(Value::as_str);
        let client = line.fields.get("client").or_else(|| {
            let of_span = |span: &'_ Map<String, Value>| span.contains_key("client");
            line.spans.iter().rev().find(|span| of_span(span))?.get("client")
        });
        let client = client.and_then(Value::as_str).map(str::to_owned);
        let mut text = line.message;
        for (name, value) in &line.fields {
            let _ = match value {
                Value::String(value) => write!(text, " {name}={value:?}"),
                value => write!(text, " {name}={value}"),
            };
        }
        Self {
            level: line.level.to_lowercase(),
            text,
            outcome: outcome.filter(|_| is_end_of_event).and_then(Outcome::from_log),
            client,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_json_and_text() {
        let line = r#"{"level":"WARN","target":"centrifugo","message":"m","fields":{"client":"c1","n":1}}"#;
        let line = LogLine::parse(line);
        assert_eq!(
            (line.level.as_str(), line.text.as_str()),
            ("warn", "m client=\"c1\" n=1")
        );
        assert_eq!((line.client.as_deref(), line.outcome), (Some("c1"), None));
        let line = r#"{"level":"DEBUG","target":"centrifugo::event","message":"event answered","fields":{"outcome":"error:404"},
            "spans":[{"name":"event","client":"c2"}]}"#;
        let line = LogLine::parse(line);
        assert_eq!(
            (line.client.as_deref(), line.outcome),
            (Some("c2"), Some(Outcome::Error))
        );
        assert_eq!(LogLine::parse("{text").level, "output");
    }
}
