//! Patterns that never win: another one matches all that they match, and wins.

use std::collections::HashMap;

use super::pattern::{Pattern, Wild};

/// The patterns that never win, each with the one that hides it, by their places among those that were asked about. The
/// patterns are sorted and all different.
///
/// What hides a pattern has its literal text and its wildcards in the same places: with less text it would lose, with more
/// it would not match all. So it loses by rule 4 alone, with a `*` where the other has a `{name*}`.
pub(crate) fn hidden(patterns: &[Pattern]) -> Vec<(usize, usize)> {
    let having = |wild: Wild| {
        patterns
            .iter()
            .enumerate()
            .filter(move |(_, pattern)| pattern.as_bytes().contains(&(wild as u8)))
    };
    let mut hiding: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
    for (index, pattern) in having(Wild::Rest) {
        hiding.entry(shape(pattern)).or_default().push(index);
    }
    if hiding.is_empty() {
        return Vec::new();
    }
    having(Wild::Any)
        .filter_map(|(index, pattern)| {
            let mut others = hiding.get(&shape(pattern))?.iter();
            // Of one shape, the first in order is the one that wins.
            let by = others.find(|by| **by < index && covers(&patterns[**by], pattern))?;
            Some((index, *by))
        })
        .collect()
}

/// The pattern with all its wildcards alike.
fn shape(pattern: &Pattern) -> Vec<u8> {
    let alike = |byte: &u8| Wild::of(*byte).map_or(*byte, |_| Wild::Any as u8);
    pattern.as_bytes().iter().map(alike).collect()
}

/// Whether a pattern matches all that another one of its shape does.
fn covers(pattern: &Pattern, other: &Pattern) -> bool {
    let is_segment = |byte: &u8| *byte == Wild::Segment as u8;
    let mut pairs = pattern.as_bytes().iter().zip(other.as_bytes());
    pairs.all(|(own, other)| !is_segment(own) || is_segment(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Vec<(String, String)> {
        let mut patterns: Vec<_> = texts
            .iter()
            .map(|text| (Pattern::parse(text).unwrap(), (*text).to_owned()))
            .collect();
        patterns.sort();
        let (patterns, texts): (Vec<_>, Vec<_>) = patterns.into_iter().unzip();
        let name = |(pattern, by): (usize, usize)| (texts[pattern].clone(), texts[by].clone());
        hidden(&patterns).into_iter().map(name).collect()
    }

    #[test]
    fn a_star_beside_a_named_rest_never_wins() {
        let pair = |a: &str, b: &str| vec![(a.to_owned(), b.to_owned())];
        assert_eq!(of(&["a*", "a{x*}"]), pair("a*", "a{x*}"));
        assert_eq!(of(&["*:{id}", "{a*}:{b*}"]), pair("*:{id}", "{a*}:{b*}"));
        assert_eq!(of(&["a*", "a{x}", "a{x*}"]), pair("a*", "a{x*}"));
    }

    #[test]
    fn what_matches_more_or_has_more_text_still_wins() {
        for patterns in [
            &["a*", "a{x}"][..],
            &["a*", "ab{x*}"],
            &["a*", "{x*}a"],
            &["*:*", "{a*}:{b}"],
            &["a*", "a{x*}b{y*}"],
            &["a", "{x*}"],
        ] {
            assert_eq!(of(patterns), [], "{patterns:?}");
        }
    }
}
