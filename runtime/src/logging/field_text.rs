//! Text that clients choose, as a field of a span.

use std::borrow::Cow;

use tracing::Value;
use tracing::field::{DebugValue, debug};

use super::client_text::{Clipped, clip};

/// A text for a field of a span. Subscribers get most texts as they are, which takes less time than formatting them.
pub(crate) enum FieldText<'a> {
    Plain(&'a str),
    /// Too long, or with characters that are escaped.
    Clipped(Clipped<'a>, DebugValue<Clipped<'a>>),
    Pseudonym(String),
}

impl<'a> FieldText<'a> {
    /// Prepares a text like [`clip`].
    pub(crate) fn new(text: &'a str) -> Self {
        let clipped = clip(text);
        if clipped.is_simple() {
            Self::Plain(text)
        } else {
            Self::Clipped(clipped, debug(clipped))
        }
    }

    /// Returns the value for a field that the log shows, where a text is quoted.
    pub(crate) fn value(&self) -> &dyn Value {
        match self {
            Self::Plain(text) => text,
            Self::Clipped(_, quoted) => quoted,
            Self::Pseudonym(text) => text,
        }
    }

    /// Returns the text for a field of traces, which has no quotation marks.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Plain(text) => Cow::Borrowed(text),
            Self::Clipped(clipped, _) => clipped.to_string().into(),
            Self::Pseudonym(text) => text.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_plain_text_and_escapes_other_text() {
        let plain = FieldText::new("chat:1");
        assert!(matches!(plain, FieldText::Plain("chat:1")));
        assert_eq!(plain.text(), "chat:1");
        for (text, expected) in [
            ("a\nb", r"a\nb"),
            ("\u{202e}", r"\u{202e}"),
            ("say \"hi\"", "say \"hi\""),
        ] {
            let clipped = FieldText::new(text);
            assert!(matches!(clipped, FieldText::Clipped(..)), "{text:?}");
            assert_eq!(clipped.text(), expected);
        }
        let long = FieldText::new(&"x".repeat(60_000)).text().chars().count();
        assert_eq!(long, 200);
    }
}
