//! Which channels and methods a pattern matches.

use super::{Part, Pattern};

impl Pattern {
    /// Returns whether the pattern matches a channel or a method.
    pub(crate) fn matches(&self, text: &str) -> bool {
        // `reached[i]`: the parts so far match the first `i` bytes of the text.
        let mut reached = vec![false; text.len() + 1];
        reached[0] = true;
        for part in self.parts() {
            let mut next = vec![false; text.len() + 1];
            match part {
                Part::Text(literal) => {
                    for (start, _) in text.char_indices() {
                        if reached[start] && text[start..].starts_with(literal.as_str()) {
                            next[start + literal.len()] = true;
                        }
                    }
                }
                Part::Wildcard { kind, .. } => {
                    let mut is_taken = false;
                    for (start, character) in text.char_indices() {
                        is_taken = (is_taken || reached[start]) && kind.takes(character);
                        next[start + character.len_utf8()] = is_taken;
                    }
                }
            }
            reached = next;
        }
        reached[text.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::parse(pattern).matches(text)
    }

    #[test]
    fn matches_as_the_crate_does() {
        for (pattern, text) in [
            ("", ""),
            ("chat:index", "chat:index"),
            ("chat:{room}", "chat:1"),
            ("чат:{room}é", "чат:éé"),
            ("chat:{room}/{part}", "chat:1/2"),
            ("chat:{room*}", "chat:1/2.3"),
            ("*", "anything:at/all"),
            ("a*b", "a*b"),
            (r"a\*b", "a*b"),
            ("{{x}}", "{x}"),
            ("{a}{b*}", "xy"),
            ("{a*}aa", "aaaa"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "x"),
            ("*", ""),
            ("chat:index", "chat:index2"),
            ("chat:{room}", "chat:"),
            ("chat:{room}", "chat:1/2"),
            ("chat:*", "chat:"),
            (r"a\*b", "axb"),
            ("{{x}}", "x"),
            ("{a}{b*}", "x"),
            ("{a*}aa", "aa"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
