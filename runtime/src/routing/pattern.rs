//! Patterns of channels and methods.

use std::cmp::Reverse;

/// A parsed pattern: its literal text, with one byte for each wildcard that never occurs in UTF-8.
///
/// In sorted order, patterns with a common prefix are adjacent, and literal text precedes wildcards.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Pattern(Vec<u8>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Wildcard {
    /// `{name}`, which does not match `: / . #`.
    Segment = 0xfd,
    /// `{name*}`.
    Rest = 0xfe,
    /// `*`, which binds to no argument.
    Any = 0xff,
}

impl Wildcard {
    /// Returns the wildcard that a byte of a [`Pattern`] represents.
    pub(crate) fn of(byte: u8) -> Option<Self> {
        match byte {
            0xfd => Some(Self::Segment),
            0xfe => Some(Self::Rest),
            0xff => Some(Self::Any),
            _ => None,
        }
    }

    /// Whether the wildcard matches a text.
    pub(crate) fn fits(self, text: &[u8]) -> bool {
        !text.is_empty() && text.iter().all(|byte| self.takes(*byte))
    }

    pub(crate) fn takes(self, byte: u8) -> bool {
        self != Self::Segment || !is_separator(byte)
    }
}

/// Whether a `{name}` does not match this byte.
pub(crate) fn is_separator(byte: u8) -> bool {
    matches!(byte, b':' | b'/' | b'.' | b'#')
}

/// The precedence of a pattern: if two match, the one with the smaller rank wins.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Rank {
    wild: bool,
    literal_chars: Reverse<usize>,
    wilds: usize,
    kinds: Vec<u8>,
}

impl Pattern {
    /// Parses a pattern. The attributes check patterns, so only routes that were registered by hand fail here.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let escape = ["\\*", "{{", "}}"]
                .into_iter()
                .find(|escape| rest.starts_with(escape));
            let (len, wild) = match (escape, first) {
                (Some(escape), _) => {
                    bytes.extend(&escape.as_bytes()[1..]);
                    rest = &rest[escape.len()..];
                    continue;
                }
                (None, '*') => (1, Wildcard::Any),
                (None, '{') => match rest.find('}') {
                    Some(end) if rest[..end].ends_with('*') => (end + 1, Wildcard::Rest),
                    Some(end) => (end + 1, Wildcard::Segment),
                    None => return Err(format!("pattern `{text}` has a `{{` without a `}}`")),
                },
                (None, '}') => return Err(format!("pattern `{text}` has a `}}` without a `{{`")),
                (None, other) => {
                    bytes.extend(&rest.as_bytes()[..other.len_utf8()]);
                    rest = &rest[other.len_utf8()..];
                    continue;
                }
            };
            if bytes.last().copied().and_then(Wildcard::of).is_some() {
                return Err(format!("pattern `{text}` has two wildcards side by side"));
            }
            bytes.push(wild as u8);
            rest = &rest[len..];
        }
        Ok(Self(bytes))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the literal text before the first wildcard.
    pub(crate) fn prefix(&self) -> &str {
        let wild = self.0.iter().position(|byte| Wildcard::of(*byte).is_some());
        let literal = &self.0[..wild.unwrap_or(self.0.len())];
        std::str::from_utf8(literal).unwrap_or_default()
    }

    /// Whether the pattern has no wildcards, so that its bytes are its text.
    pub(crate) fn is_exact(&self) -> bool {
        self.0.iter().all(|byte| Wildcard::of(*byte).is_none())
    }

    pub(crate) fn rank(&self) -> Rank {
        let (mut literal_chars, mut kinds) = (0, Vec::new());
        for byte in &self.0 {
            match byte {
                byte if Wildcard::of(*byte).is_some() => kinds.push(*byte),
                // Continues a character.
                0x80..0xc0 => {}
                _ => literal_chars += 1,
            }
        }
        Rank {
            wild: !kinds.is_empty(),
            literal_chars: Reverse(literal_chars),
            wilds: kinds.len(),
            kinds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_escapes_and_wildcards() {
        let bytes = |text| Pattern::parse(text).unwrap().0;
        assert_eq!(bytes(r"\*{{x}}\"), br"*{x}\");
        assert_eq!(bytes("ч{x}/{y*}:*"), b"\xd1\x87\xfd/\xfe:\xff");
        assert_eq!(bytes("{{{a}}}*"), b"{\xfd}\xff");
        assert_eq!(bytes("a{x}"), bytes("a{other}"));
    }

    #[test]
    fn returns_the_literal_prefix() {
        for (text, prefix) in [("чат:*", "чат:"), ("{a}b", ""), ("a{{b", "a{b")] {
            assert_eq!(Pattern::parse(text).unwrap().prefix(), prefix);
        }
    }

    #[test]
    fn refuses_malformed_patterns() {
        for text in ["a}", "a{x", "{x}*", "**"] {
            assert!(Pattern::parse(text).unwrap_err().contains(text));
        }
    }

    #[test]
    fn ranks_specific_patterns_first() {
        let order = [
            "chat:main",
            "chat:m{x}",
            "chat:{x}",
            "chat:{x*}",
            "chat:*",
            "{x}чё",
            "{{*",
            "{x}.{y}",
            "{x}.{y*}",
            "{x*}.{y}",
            "{x}",
            "*",
        ];
        let rank = |text| Pattern::parse(text).unwrap().rank();
        for pair in order.windows(2) {
            assert!(rank(pair[0]) < rank(pair[1]), "{pair:?}");
        }
    }
}
