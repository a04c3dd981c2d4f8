//! A line of a program's log.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Outcome;

/// The level of text that the program printed itself.
const OUTPUT: &str = "output";

/// A line of a program's log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct LogLine {
    /// The level in lower case, or `output` for text that the program printed itself.
    pub level: String,
    /// The message, and the fields after it.
    pub text: String,
    /// The outcome, if the line says how an event ended.
    #[serde(skip)]
    pub outcome: Option<Outcome>,
    /// The kind of the event that the line belongs to.
    #[serde(skip)]
    pub kind: Option<String>,
    /// The client of the event.
    #[serde(skip)]
    pub client: Option<String>,
    /// The channel or method of the event.
    #[serde(skip)]
    pub target: Option<String>,
    /// The handler of the event.
    #[serde(skip)]
    pub handler: Option<String>,
}

/// A line of `WORKER_LOG=json`.
#[derive(Deserialize)]
struct JsonLine {
    level: String,
    message: String,
    #[serde(default)]
    target: String,
    #[serde(default)]
    fields: Map<String, Value>,
    #[serde(default)]
    spans: Vec<Map<String, Value>>,
}

impl LogLine {
    /// Reads a line. Any text is a line.
    pub fn parse(line: &str) -> Self {
        match serde_json::from_str::<JsonLine>(line) {
            Ok(line) => line.into(),
            Err(_) => Self {
                level: OUTPUT.to_owned(),
                text: line.to_owned(),
                ..Self::default()
            },
        }
    }

    /// Whether the program printed the text itself.
    pub fn is_output(&self) -> bool {
        self.level == OUTPUT
    }
}

impl From<JsonLine> for LogLine {
    fn from(line: JsonLine) -> Self {
        let outcome = line.fields.get("outcome").and_then(Value::as_str);
        let outcome = outcome.filter(|_| line.target == "centrifugo::event");
        let is_event = |span: &&Map<String, Value>| span.get("name").is_some_and(|name| name == "event");
        // The span of an event is more certain than fields, which programs choose for their own lines.
        let sources = [line.spans.iter().find(is_event), Some(&line.fields)];
        let find = |name: &str| {
            let mut sources = sources.into_iter().flatten();
            sources.find_map(|members| members.get(name)?.as_str().map(unquoted))
        };
        Self {
            level: line.level.to_lowercase(),
            outcome: outcome.and_then(Outcome::from_log),
            kind: find("kind"),
            client: find("client"),
            target: find("channel")
                .or_else(|| find("method"))
                .or_else(|| find("target")),
            handler: find("handler"),
            text: text(line.message, &line.fields),
        }
    }
}

/// Returns a message with its fields. A text has quotes if it is not clear otherwise where it ends.
fn text(message: String, fields: &Map<String, Value>) -> String {
    let mut text = message;
    for (name, value) in fields {
        let _ = match value {
            Value::String(value) => {
                let value = unquoted(value);
                let needs_quotes = |c: char| c.is_whitespace() || c.is_control() || c == '"';
                if value.is_empty() || value.contains(needs_quotes) {
                    write!(text, " {name}={value:?}")
                } else {
                    write!(text, " {name}={value}")
                }
            }
            value => write!(text, " {name}={value}"),
        };
    }
    text
}

/// Removes the quotes in which values that clients choose are logged.
fn unquoted(text: &str) -> String {
    serde_json::from_str(text).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_of_the_crate() {
        let line = r#"{"time":"t","level":"ERROR","target":"centrifugo","message":"handler failed","fields":{"kind":"rpc","handler":"app::get","client":"c1","error":"no row","n":1},"spans":[{"name":"event","kind":"rpc","method":"\"user/get\"","client":"c1"}]}"#;
        let line = LogLine::parse(line);
        assert_eq!(line.level, "error");
        assert_eq!(
            line.text,
            "handler failed client=c1 error=\"no row\" handler=app::get kind=rpc n=1"
        );
        let found = [&line.kind, &line.client, &line.target, &line.handler].map(Option::as_deref);
        let expected = ["rpc", "c1", "user/get", "app::get"].map(Some);
        assert_eq!((found, line.outcome), (expected, None));
    }

    #[test]
    fn reads_how_an_event_ended() {
        let line = r#"{"level":"DEBUG","target":"centrifugo::event","message":"event answered","fields":{"outcome":"error:404","client":"own"},
            "spans":[{"name":"event","client":"c2"},{"name":"inner","client":"c3"}]}"#;
        let line = LogLine::parse(line);
        assert_eq!(
            (line.client.as_deref(), line.outcome),
            (Some("c2"), Some(Outcome::Error))
        );
        let line =
            LogLine::parse(r#"{"level":"INFO","target":"app","message":"","fields":{"outcome":"ok"}}"#);
        assert_eq!((line.text.as_str(), line.outcome), (" outcome=ok", None));
    }

    #[test]
    fn keeps_other_lines_as_they_are() {
        for text in [
            "hello",
            "{}",
            r#"{"level":3}"#,
            r#"{"level":"info","msg":"of another logger"}"#,
            "{",
            "",
        ] {
            let line = LogLine::parse(text);
            assert!(line.is_output());
            assert_eq!((line.text.as_str(), line.level.as_str()), (text, "output"));
        }
    }

    #[test]
    fn quotes_texts_with_spaces() {
        let fields = serde_json::json!({ "a": "x", "b": "x y", "c": "", "d": "\"ä\"", "e": "\u{1b}" });
        assert_eq!(
            text("m".to_owned(), fields.as_object().unwrap()),
            r#"m a=x b="x y" c="" d=ä e="\u{1b}""#
        );
    }
}
