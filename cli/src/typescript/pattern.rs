//! Patterns of methods and channels, as the generated code has them.

use super::identifier::string_literal;
use crate::description::Channel;

/// A pattern: literal text and wildcards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(pub(super) Vec<Part>);

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Wildcard {
        name: String,
        /// Whether it matches any character.
        is_rest: bool,
    },
}

impl Pattern {
    /// Parses a pattern. An anonymous wildcard gets a name.
    pub(super) fn parse(text: &str) -> Self {
        let (mut parts, mut literal, mut rest, mut anonymous) = (Vec::new(), String::new(), text, 0);
        while let Some(first) = rest.chars().next() {
            if let Some(escape) = ["\\*", "{{", "}}"]
                .into_iter()
                .find(|escape| rest.starts_with(escape))
            {
                literal.push_str(&escape[1..]);
                rest = &rest[escape.len()..];
                continue;
            }
            let end = rest.find('}').filter(|_| first == '{');
            let (name, is_rest, len) = match (first, end) {
                ('*', _) => {
                    anonymous += 1;
                    let number = if anonymous == 1 {
                        String::new()
                    } else {
                        anonymous.to_string()
                    };
                    (format!("wildcard{number}"), true, 1)
                }
                (_, Some(end)) => {
                    let name = rest.get(1..end).unwrap_or_default();
                    (
                        name.trim_end_matches('*').to_owned(),
                        name.ends_with('*'),
                        end + 1,
                    )
                }
                _ => {
                    literal.push(first);
                    rest = &rest[first.len_utf8()..];
                    continue;
                }
            };
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            parts.push(Part::Wildcard { name, is_rest });
            rest = &rest[len..];
        }
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Self(parts)
    }

    /// Returns the pattern of a channel type.
    pub(super) fn of_channel(channel: &Channel) -> Self {
        let mut parts = vec![Part::Text(channel.prefix.clone())];
        for field in &channel.fields {
            parts.push(Part::Wildcard {
                name: field.name.clone(),
                is_rest: field.rest,
            });
            parts.push(Part::Text(field.after.clone()));
        }
        parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
        Self(parts)
    }

    /// The names of the wildcards.
    pub(super) fn wildcards(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Wildcard { name, .. } => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// Returns the text of a pattern without wildcards.
    pub(super) fn exact_text(&self) -> Option<&str> {
        match &self.0[..] {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Returns the words of the literal text, which `/`, `.` and `:` separate. Hyphens beside a wildcard belong to no word.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        for (index, part) in self.0.iter().enumerate() {
            let Part::Text(text) = part else { continue };
            let joints = ['-', '_'];
            let mut text = text.as_str();
            if index > 0 {
                text = text.trim_start_matches(joints);
            }
            if index + 1 < self.0.len() {
                text = text.trim_end_matches(joints);
            }
            words.extend(
                text.split(['/', '.', ':'])
                    .filter(|word| !word.is_empty())
                    .map(str::to_owned),
            );
        }
        words
    }

    /// Writes the pattern as an array for the generated code.
    pub(super) fn print(&self) -> String {
        let parts: Vec<_> = self
            .0
            .iter()
            .map(|part| match part {
                Part::Text(text) => string_literal(text),
                Part::Wildcard { name, is_rest } => {
                    let rest = if *is_rest { ", rest: true" } else { "" };
                    format!("{{ name: {}{rest} }}", string_literal(name))
                }
            })
            .collect();
        format!("[{}]", parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_wildcards_and_escapes() {
        for (text, printed) in [
            ("user/get", r#"["user/get"]"#),
            (
                "a/{id}-{rest*}",
                r#"["a/", { name: "id" }, "-", { name: "rest", rest: true }]"#,
            ),
            (
                r"\*{{x}}.*/*",
                r#"["*{x}.", { name: "wildcard", rest: true }, "/", { name: "wildcard2", rest: true }]"#,
            ),
            ("ч{x}", r#"["ч", { name: "x" }]"#),
            ("{x", r#"["{x"]"#),
            ("", "[]"),
        ] {
            assert_eq!(Pattern::parse(text).print(), printed);
        }
    }

    #[test]
    fn finds_the_words_of_the_text() {
        for (text, expected) in [
            ("user/get", &["user", "get"][..]),
            ("a.b:c//d", &["a", "b", "c", "d"]),
            ("messages/{room}/page-{n}", &["messages", "page"]),
            ("{x}", &[]),
            ("get-all", &["get-all"]),
        ] {
            assert_eq!(Pattern::parse(text).words(), expected);
        }
    }
}
