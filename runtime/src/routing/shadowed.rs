//! Shadowed patterns: another pattern matches everything that they match, and has precedence.

use std::collections::HashMap;

use super::pattern::{Pattern, Wildcard};

/// Returns the indices of shadowed patterns, each with the index of the pattern that shadows it. The patterns have to be sorted
/// and different.
///
/// A pattern that shadows another one has the same literal text, and its wildcards in the same places: with less text it would
/// have no precedence, and with more it would not match everything. So a shadowed pattern has a `*` where the other one has
/// a `{name*}`.
pub(crate) fn shadowed_pairs(patterns: &[Pattern]) -> Vec<(usize, usize)> {
    let having = |wild: Wildcard| {
        patterns
            .iter()
            .enumerate()
            .filter(move |(_, pattern)| pattern.as_bytes().contains(&(wild as u8)))
    };
    let mut shadowing: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
    for (index, pattern) in having(Wildcard::Rest) {
        shadowing.entry(shape(pattern)).or_default().push(index);
    }
    if shadowing.is_empty() {
        return Vec::new();
    }
    having(Wildcard::Any)
        .filter_map(|(index, pattern)| {
            let mut others = shadowing.get(&shape(pattern))?.iter();
            // Among patterns of one shape, the first in order has precedence.
            let by = others.find(|by| **by < index && covers(&patterns[**by], pattern))?;
            Some((index, *by))
        })
        .collect()
}

/// Returns the pattern with all wildcards replaced by the same one.
fn shape(pattern: &Pattern) -> Vec<u8> {
    let alike = |byte: &u8| Wildcard::of(*byte).map_or(*byte, |_| Wildcard::Any as u8);
    pattern.as_bytes().iter().map(alike).collect()
}

/// Whether a pattern matches everything that another one of its shape matches.
fn covers(pattern: &Pattern, other: &Pattern) -> bool {
    let is_segment = |byte: &u8| *byte == Wildcard::Segment as u8;
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
        shadowed_pairs(&patterns).into_iter().map(name).collect()
    }

    #[test]
    fn a_named_rest_shadows_a_star() {
        let pair = |a: &str, b: &str| vec![(a.to_owned(), b.to_owned())];
        assert_eq!(of(&["a*", "a{x*}"]), pair("a*", "a{x*}"));
        assert_eq!(of(&["*:{id}", "{a*}:{b*}"]), pair("*:{id}", "{a*}:{b*}"));
        assert_eq!(of(&["a*", "a{x}", "a{x*}"]), pair("a*", "a{x*}"));
    }

    #[test]
    fn a_pattern_that_matches_more_is_not_shadowed() {
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
