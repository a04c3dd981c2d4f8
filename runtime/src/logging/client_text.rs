//! Prepares text that clients choose for the log.

use std::fmt::{self, Write as _};

/// The longest text that is logged, in characters.
const MAX_CHARS: usize = 200;

/// Clips text that a client chose to 200 characters, and escapes control characters and others that cannot be printed.
///
/// Record the result with `?`, which quotes it, so that the text cannot be mistaken for another field.
pub(crate) fn clip(text: &str) -> Clipped<'_> {
    Clipped(text)
}

/// Text that [`clip`] has prepared.
#[derive(Clone, Copy)]
pub(crate) struct Clipped<'a>(&'a str);

impl<'a> Clipped<'a> {
    /// Returns whether the text is printed as it is, as most ids and channels are.
    pub(super) fn is_simple(&self) -> bool {
        let is_plain = |byte: u8| matches!(byte, b' '..=b'~') & (byte != b'"') & (byte != b'\\');
        // Looks at all bytes, since the compiler can then compare several at once.
        self.0.len() < MAX_CHARS && self.0.bytes().fold(true, |all, byte| all & is_plain(byte))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, is_quoted: bool) -> fmt::Result {
        if self.is_simple() {
            return f.write_str(self.0);
        }
        let mut left = MAX_CHARS - 1;
        for (index, c) in self.0.char_indices() {
            let is_plain = c == '\'' || (c == '"' && !is_quoted);
            let len = if is_plain { 1 } else { c.escape_debug().count() };
            let rest = &self.0[index..];
            // One character is reserved for `…`. The last character may use it.
            let is_last = rest.chars().nth(1).is_none();
            if len > left + usize::from(is_last) {
                return f.write_char('…');
            }
            left = left.saturating_sub(len);
            if is_plain {
                f.write_char(c)?;
            } else {
                write!(f, "{}", c.escape_debug())?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Clipped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, false)
    }
}

impl fmt::Debug for Clipped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        self.write(f, true)?;
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn clips_and_escapes() {
        assert_eq!(clip("chat:1").to_string(), "chat:1");
        assert_eq!(format!("{:?}", clip("a\"b'c")), r#""a\"b'c""#);
        assert_eq!(
            clip("a\nb\x1b[31m\u{202e}").to_string(),
            r"a\nb\u{1b}[31m\u{202e}"
        );
        assert_eq!(clip(&"x".repeat(200)).to_string(), "x".repeat(200));
        let clipped = clip(&"é".repeat(60_000)).to_string();
        assert_eq!(clipped, format!("{}…", "é".repeat(199)));
    }

    proptest! {
        #[test]
        fn returns_short_and_printable_text(text in "\\PC{0,300}|[\\x00-\\x20a\u{202e}]{0,300}") {
            let shown = clip(&text).to_string();
            prop_assert!(!clip(&text).is_simple() || shown == text);
            prop_assert!(shown.chars().count() <= MAX_CHARS);
            prop_assert!(!shown.chars().any(char::is_control));
        }
    }
}
