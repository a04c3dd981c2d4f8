//! Patterns of methods and channels in the generated code.

use super::identifier::string_literal;
use crate::pattern::{Part, Pattern};

/// Writes a pattern as an array.
pub(super) fn print(pattern: &Pattern) -> String {
    let parts = pattern.parts().iter().map(|part| match part {
        Part::Text(text) => string_literal(text),
        Part::Wildcard { name, kind } => {
            let rest = if kind.takes_all() { ", rest: true" } else { "" };
            format!("{{ name: {}{rest} }}", string_literal(name))
        }
    });
    format!("[{}]", parts.collect::<Vec<_>>().join(", "))
}

/// Returns the words of the literal text, which `/`, `.` and `:` separate. Hyphens beside a wildcard belong to no word.
pub(super) fn words(pattern: &Pattern) -> Vec<String> {
    let parts = pattern.parts();
    let mut words = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let Part::Text(text) = part else { continue };
        let joints = ['-', '_'];
        let mut text = text.as_str();
        if index > 0 {
            text = text.trim_start_matches(joints);
        }
        if index + 1 < parts.len() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_text_and_wildcards() {
        for (text, printed) in [
            ("user/get", r#"["user/get"]"#),
            (
                "a/{id}-{rest*}",
                r#"["a/", { name: "id" }, "-", { name: "rest", rest: true }]"#,
            ),
            (
                "*/*",
                r#"[{ name: "wildcard", rest: true }, "/", { name: "wildcard2", rest: true }]"#,
            ),
            ("", "[]"),
        ] {
            assert_eq!(print(&Pattern::parse(text)), printed);
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
            assert_eq!(words(&Pattern::parse(text)), expected);
        }
    }
}
