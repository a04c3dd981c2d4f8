//! Text for terminals.

use std::fmt::Write as _;

pub(crate) const BOLD: &str = "1";
pub(crate) const DIM: &str = "2";
pub(crate) const RED: &str = "31";
pub(crate) const GREEN: &str = "32";
pub(crate) const YELLOW: &str = "33";

/// Returns whether the user allows colors. The output must be a terminal, too.
pub(crate) fn allows_colors() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Returns the color of a level of the log.
pub(crate) fn color_of_level(level: &str) -> &'static str {
    match level {
        "error" => RED,
        "warn" => YELLOW,
        _ => DIM,
    }
}

/// Returns a text without control characters, which could change the terminal, and cut after some characters.
pub(crate) fn printable(text: &str, max: usize) -> String {
    let mut printed = String::with_capacity(text.len().min(256));
    for (count, c) in text.chars().enumerate() {
        if count == max {
            printed.push('…');
            break;
        }
        if c.is_control() && c != '\t' {
            let _ = write!(printed, "{}", c.escape_default());
        } else {
            printed.push(c);
        }
    }
    printed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_control_characters() {
        assert_eq!(printable("é\t\x1b[1m\n", usize::MAX), "é\t\\u{1b}[1m\\n");
    }

    #[test]
    fn cuts_long_texts() {
        assert_eq!(printable(&"x".repeat(99), 3), "xxx…");
        assert_eq!(printable("é\t", 9), "é\t");
    }
}
