//! Lines of a program's log.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// A line of the log, read if it is one of the crate `centrifugo`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LogLine {
    /// The level in lower case, or `None` if the line is plain text.
    pub(crate) level: Option<String>,
    /// The message with its fields.
    pub(crate) text: String,
    /// What the line says about its event.
    pub(crate) kind: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) target: Option<String>,
}

impl LogLine {
    /// Reads a line.
    pub(crate) fn parse(line: &str) -> Self {
        let parsed = line
            .starts_with('{')
            .then(|| serde_json::from_str::<Map<String, Value>>(line).ok())
            .flatten()
            .and_then(|line| Self::from_json(&line));
        parsed.unwrap_or_else(|| Self {
            text: line.to_owned(),
            ..Self::default()
        })
    }

    fn from_json(line: &Map<String, Value>) -> Option<Self> {
        let level = line.get("level")?.as_str()?.to_ascii_lowercase();
        let mut text = line.get("message")?.as_str()?.to_owned();
        let fields = line.get("fields").and_then(Value::as_object);
        for (name, value) in fields.into_iter().flatten() {
            if name.contains('.') {
                continue;
            }
            let _ = match value {
                Value::String(value) => write!(text, " {name}={value}"),
                value => write!(text, " {name}={value}"),
            };
        }
        let event = line
            .get("spans")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .find(|span| span.get("name").is_some_and(|name| name == "event"));
        let find = |name: &str| {
            [event, fields]
                .into_iter()
                .flatten()
                .find_map(|members| members.get(name)?.as_str())
                .map(unquoted)
        };
        Some(Self {
            level: Some(level),
            text,
            kind: find("kind"),
            client: find("client"),
            target: find("channel")
                .or_else(|| find("method"))
                .or_else(|| find("target")),
        })
    }
}

/// Values that clients choose are logged in quotes.
fn unquoted(text: &str) -> String {
    serde_json::from_str(text).unwrap_or_else(|_| text.to_owned())
}

/// Returns the first `file.rs:line` in a text.
pub(crate) fn find_place(text: &str) -> Option<&str> {
    let start_of = |end: usize| {
        text[..end]
            .rfind(|c: char| c.is_whitespace() || matches!(c, '`' | '(' | '"' | '\''))
            .map_or(0, |start| start + 1)
    };
    text.match_indices(".rs:").find_map(|(dot, found)| {
        let digits = text[dot + found.len()..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        (digits > 0).then(|| &text[start_of(dot)..dot + found.len() + digits])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_of_the_crate() {
        let line = r#"{"time":"t","level":"ERROR","target":"centrifugo","message":"handler failed","fields":{"kind":"rpc","handler":"app::get","client":"c1","error":"no row"},"spans":[{"name":"event","kind":"rpc","method":"\"user/get\"","client":"c1"}]}"#;
        let line = LogLine::parse(line);
        assert_eq!(line.level.as_deref(), Some("error"));
        assert_eq!(
            line.text,
            "handler failed client=c1 error=no row handler=app::get kind=rpc"
        );
        assert_eq!(
            (
                line.kind.as_deref(),
                line.client.as_deref(),
                line.target.as_deref()
            ),
            (Some("rpc"), Some("c1"), Some("user/get"))
        );
    }

    #[test]
    fn keeps_other_lines_as_they_are() {
        for text in ["hello", "{}", "{\"level\":3}", "{", ""] {
            let line = LogLine::parse(text);
            assert_eq!((line.text.as_str(), line.level), (text, None));
        }
    }

    #[test]
    fn finds_places_in_the_source() {
        for (text, place) in [
            ("`join` at src/main.rs:7 and src/b.rs:8", Some("src/main.rs:7")),
            ("(src/a.rs:12): no", Some("src/a.rs:12")),
            ("main.rs: no line", None),
            ("", None),
        ] {
            assert_eq!(find_place(text), place, "{text}");
        }
    }
}
