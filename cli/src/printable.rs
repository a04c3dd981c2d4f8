//! Text of others that is safe to print on a terminal.

use std::fmt::Write as _;

/// Whether a character could change the terminal, or the order in which a line is shown.
pub(crate) fn is_unsafe(c: char) -> bool {
    let changes_order =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    changes_order || (c.is_control() && c != '\t')
}

/// Returns a text on one line, with escapes such as `\u{9b}` in place of control characters.
pub(crate) fn printable(text: &str) -> String {
    escaped(text, |_| false)
}

/// Returns the first characters of a text, as [`printable`] does.
pub(crate) fn printable_start(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => printable(&text[..end]) + "…",
        None => printable(text),
    }
}

/// Returns a text with its line breaks, and with escapes in place of other control characters.
pub(crate) fn printable_lines(text: &str) -> String {
    escaped(text, |c| c == '\n')
}

fn escaped(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let mut printed = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) && !is_kept(c) {
            printed.extend(c.escape_default());
        } else {
            printed.push(c);
        }
    }
    printed
}

/// Returns the same JSON value with escapes such as `\u009b` in place of control characters. Line breaks are kept: in texts they are
/// escaped already, so that they can only be between values.
pub(crate) fn printable_json(json: &str) -> String {
    let mut printed = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\n' => printed.push(c),
            '\r' => printed.push(' '),
            // None of them needs more than four digits.
            c if is_unsafe(c) => {
                let _ = write!(printed, "\\u{:04x}", u32::from(c));
            }
            c => printed.push(c),
        }
    }
    printed
}

/// Returns the same JSON value as [`printable_json`], on one line.
pub(crate) fn printable_json_line(json: &str) -> String {
    printable_json(json).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_could_change_the_terminal() {
        let text = "é\t\u{9b}31m\x1b[0m\x7f\r\n\u{202e}x";
        assert_eq!(printable(text), "é\t\\u{9b}31m\\u{1b}[0m\\u{7f}\\r\\n\\u{202e}x");
        assert_eq!(printable_lines("a\n\u{9b}"), "a\n\\u{9b}");
    }

    #[test]
    fn cuts_long_texts() {
        assert_eq!(printable_start(&"x".repeat(99), 3), "xxx…");
        assert_eq!(printable_start("é\t", 2), "é\t");
    }

    #[test]
    fn json_stays_the_same_value() {
        let value = serde_json::json!({ "\u{9b}": ["\u{7f}\u{202e}é", "\x1b\n"] });
        let json = format!("{value:#}").replace('\n', "\r\n");
        for printed in [printable_json(&json), printable_json_line(&json)] {
            assert!(!printed.chars().any(|c| is_unsafe(c) && c != '\n'), "{printed}");
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&printed).unwrap(),
                value
            );
        }
        assert!(printable_json(&json).contains('\n') && !printable_json_line(&json).contains('\n'));
    }
}
