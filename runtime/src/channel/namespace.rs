//! The namespace of a channel or a method, by the rules of Centrifugo v6.9 (`internal/config`).
//!
//! The namespace of a channel is the text before the first `:`, without the private prefix `$`. The namespace of a method is
//! the text before the first `:`. An empty namespace is the same as none.

use crate::routing::{Pattern, Wildcard};

/// The character that ends a namespace.
const BOUNDARY: u8 = b':';
/// The first character of private channels.
const PRIVATE_PREFIX: u8 = b'$';

/// The namespace of the channels or methods that a pattern matches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Namespace {
    /// The namespace of this name.
    Named(String),
    /// None: options are those of `without_namespace`.
    Without,
    /// A namespace whose name Centrifugo refuses at start. A wildcard in the name is written as `*`.
    Refused(String),
    /// Any namespace, because the name has a wildcard.
    Unknown {
        /// Whether the pattern also matches names without a namespace.
        or_without: bool,
    },
}

impl Namespace {
    /// Returns the namespace of the channels that a pattern matches.
    pub(crate) fn of_channels(pattern: &Pattern) -> Self {
        let name = pattern.as_bytes();
        Self::of_bytes(name.strip_prefix(&[PRIVATE_PREFIX]).unwrap_or(name))
    }

    /// Returns the namespace of the methods that a pattern matches.
    pub(crate) fn of_methods(pattern: &Pattern) -> Self {
        Self::of_bytes(pattern.as_bytes())
    }

    /// Returns the namespace of a channel without the private prefix, or of a method.
    fn of_bytes(pattern: &[u8]) -> Self {
        let boundary = pattern.iter().position(|byte| *byte == BOUNDARY);
        let name = &pattern[..boundary.unwrap_or(pattern.len())];
        let wildcard = |byte: &u8| Wildcard::of(*byte);
        if boundary.is_some() && !name.iter().any(|byte| wildcard(byte).is_some()) {
            let text = String::from_utf8_lossy(name).into_owned();
            return match name {
                [] => Self::Without,
                _ if name.len() >= 2 && name.iter().all(|byte| is_allowed(*byte)) => Self::Named(text),
                _ => Self::Refused(text),
            };
        }
        // A wildcard that matches the boundary may end the namespace. The text before it belongs to the namespace.
        let end = name
            .iter()
            .position(|byte| wildcard(byte).is_some_and(|wildcard| wildcard.takes(BOUNDARY)));
        let is_refused = name[..end.unwrap_or(name.len())]
            .iter()
            .any(|byte| wildcard(byte).is_none() && !is_allowed(*byte));
        match (boundary, end) {
            (None, None) => Self::Without,
            // Names that have a boundary would be in a namespace that cannot exist.
            (None, Some(_)) if is_refused => Self::Without,
            (Some(_), _) if is_refused => Self::Refused(display(name)),
            (boundary, _) => Self::Unknown {
                or_without: boundary.is_none(),
            },
        }
    }
}

/// Returns whether Centrifugo allows the character in the name of a namespace: `^[-a-zA-Z0-9_.]{2,}$`.
fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// Formats the bytes of a pattern, with `*` for each wildcard.
fn display(pattern: &[u8]) -> String {
    let bytes: Vec<_> = pattern
        .iter()
        .map(|byte| Wildcard::of(*byte).map_or(*byte, |_| b'*'))
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn namespace(pattern: &str, is_channel: bool) -> Namespace {
        let pattern = Pattern::parse(pattern).unwrap();
        if is_channel {
            Namespace::of_channels(&pattern)
        } else {
            Namespace::of_methods(&pattern)
        }
    }

    fn named(name: &str) -> Namespace {
        Namespace::Named(name.into())
    }

    fn refused(name: &str) -> Namespace {
        Namespace::Refused(name.into())
    }

    #[test]
    fn reads_the_text_before_the_boundary() {
        for (pattern, name) in [
            ("chat:{room}", "chat"),
            ("chat:main:*", "chat"),
            ("$news:{id}", "news"),
            ("a-b_c.9:*", "a-b_c.9"),
            ("42:", "42"),
        ] {
            assert_eq!(namespace(pattern, true), named(name), "{pattern}");
        }
        assert_eq!(namespace("math:sum", false), named("math"));
    }

    #[test]
    fn an_empty_name_and_a_missing_boundary_are_no_namespace() {
        for pattern in [
            "index",
            ":index",
            "$index",
            "$:index",
            "$",
            "user-{id}",
            "{a}",
            "{a}.{b}",
            "a/*",
            "{a}/*",
        ] {
            assert_eq!(namespace(pattern, true), Namespace::Without, "{pattern}");
        }
        for method in ["greet/{name}", "user/*"] {
            assert_eq!(namespace(method, false), Namespace::Without, "{method}");
        }
    }

    #[test]
    fn finds_names_that_centrifugo_refuses() {
        for (pattern, name) in [
            ("a:{x}", "a"),
            ("$a:{x}", "a"),
            ("чат:*", "чат"),
            ("a b:*", "a b"),
            ("x/y:z", "x/y"),
            ("$$x:1", "$x"),
            ("dialog#1:2", "dialog#1"),
            ("{a}/{b}:c", "*/*"),
            (r"\*\*:c", "**"),
        ] {
            assert_eq!(namespace(pattern, true), refused(name), "{pattern}");
        }
        // Methods have no private prefix.
        assert_eq!(namespace("$math:sum", false), refused("$math"));
    }

    #[test]
    fn a_wildcard_before_the_boundary_is_any_namespace() {
        for (pattern, or_without) in [
            ("{a}:{b}", false),
            ("news-{lang}:*", false),
            ("*:b", false),
            ("*/b:c", false),
            ("*", true),
            ("$*", true),
            ("user*", true),
            ("{path*}/get", true),
        ] {
            assert_eq!(
                namespace(pattern, true),
                Namespace::Unknown { or_without },
                "{pattern}"
            );
        }
    }
}
