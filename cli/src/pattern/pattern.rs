//! A pattern, read from its text.

use crate::unique_names::UniqueNames;

/// A pattern of channels or methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    parts: Vec<Part>,
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Literal text, which is not empty.
    Text(String),
    /// A wildcard, which takes one or more characters.
    Wildcard {
        /// The name. Those of the anonymous wildcard `*` are `wildcard`, `wildcard2` and so on.
        name: String,
        kind: WildcardKind,
    },
}

/// Which characters a wildcard takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WildcardKind {
    /// `{name}` takes all characters other than `:`, `/`, `.` and `#`.
    Segment,
    /// `{name*}` takes any character.
    Rest,
    /// `*` takes any character.
    Star,
}

impl WildcardKind {
    /// Whether the wildcard takes any character.
    pub(crate) fn takes_all(self) -> bool {
        self != Self::Segment
    }

    /// Whether the wildcard takes a character.
    pub(crate) fn takes(self, character: char) -> bool {
        self.takes_all() || !matches!(character, ':' | '/' | '.' | '#')
    }
}

impl Pattern {
    /// Reads a pattern that the program has accepted at its start.
    pub(crate) fn parse(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut names = UniqueNames::default();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let escape = ["\\*", "{{", "}}"]
                .into_iter()
                .find(|escape| rest.starts_with(escape));
            let end = rest.find('}').filter(|_| first == '{');
            let (name, kind, len) = match (escape, first, end) {
                (Some(escape), ..) => {
                    literal.push_str(&escape[1..]);
                    rest = &rest[escape.len()..];
                    continue;
                }
                (None, '*', _) => ("wildcard", WildcardKind::Star, 1),
                (None, _, Some(end)) => match rest[1..end].strip_suffix('*') {
                    Some(name) => (name, WildcardKind::Rest, end + 1),
                    None => (&rest[1..end], WildcardKind::Segment, end + 1),
                },
                (None, _, None) => {
                    literal.push(first);
                    rest = &rest[first.len_utf8()..];
                    continue;
                }
            };
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            let name = names.take(name);
            parts.push(Part::Wildcard { name, kind });
            rest = &rest[len..];
        }
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Self { parts }
    }

    /// Returns the parts in their order.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Returns the names and kinds of the wildcards in their order.
    pub(crate) fn wildcards(&self) -> impl Iterator<Item = (&str, WildcardKind)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Wildcard { name, kind } => Some((name.as_str(), *kind)),
            Part::Text(_) => None,
        })
    }

    /// Returns the text of a pattern without wildcards.
    pub(crate) fn exact_text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Returns the text before the first wildcard.
    pub(crate) fn literal_start(&self) -> &str {
        match self.parts.first() {
            Some(Part::Text(text)) => text,
            _ => "",
        }
    }

    /// Returns whether the pattern matches some channel or method that contains a separator.
    pub(crate) fn can_contain(&self, separator: &str) -> bool {
        self.parts.iter().any(|part| match part {
            Part::Text(text) => text.contains(separator),
            Part::Wildcard { kind, .. } => kind.takes_all(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(pattern: &str) -> String {
        let pattern = Pattern::parse(pattern);
        let parts = pattern.parts().iter().map(|part| match part {
            Part::Text(text) => format!("'{text}'"),
            Part::Wildcard { name, kind } => format!("{kind:?} {name}"),
        });
        parts.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn reads_wildcards_and_escapes() {
        for (pattern, parts) in [
            ("user/get", "'user/get'"),
            ("a/{id}-{rest*}", "'a/', Segment id, '-', Rest rest"),
            (r"\*{{x}}.*/*", "'*{x}.', Star wildcard, '/', Star wildcard2"),
            ("{wildcard}*", "Segment wildcard, Star wildcard2"),
            ("ч{x}", "'ч', Segment x"),
            ("{x", "'{x'"),
            ("x}", "'x}'"),
            ("", ""),
        ] {
            assert_eq!(show(pattern), parts, "{pattern}");
        }
    }

    #[test]
    fn knows_what_it_can_contain() {
        assert!(!Pattern::parse("chat:{room}").can_contain("#"));
        assert!(Pattern::parse("chat:{room*}").can_contain("#"));
        assert!(Pattern::parse("chat:#{user}").can_contain("#"));
        assert_eq!(Pattern::parse("chat:{room}").literal_start(), "chat:");
        assert_eq!(Pattern::parse("{room}").literal_start(), "");
    }
}
