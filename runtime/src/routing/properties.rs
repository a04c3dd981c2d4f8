//! Property tests of the router and of the checks of patterns against the naive matcher.

use proptest::prelude::*;

use super::ambiguous::ambiguous_pairs;
use super::naive_matcher::{Piece, matches, rank, read, spell};
use super::router::Router;
use super::shadowed::shadowed_pairs;

fn pieces(literal: &'static str) -> impl Strategy<Value = Vec<Piece>> {
    let piece = prop_oneof![
        4 => literal.prop_map(Piece::Text),
        2 => Just(Piece::Segment),
        1 => Just(Piece::Rest),
        2 => Just(Piece::Any),
    ];
    proptest::collection::vec(piece, 1..7).prop_map(|mut pieces| {
        let is_text = |piece: &Piece| matches!(piece, Piece::Text(_));
        pieces.dedup_by(|a, b| !is_text(a) && !is_text(b));
        pieces
    })
}

/// Arbitrary texts, and texts that match a pattern.
fn targets(patterns: &[Vec<Piece>]) -> impl Strategy<Value = String> + use<> {
    let made = (
        proptest::sample::select(patterns.to_vec()),
        proptest::collection::vec("[ab:é]{1,3}", 6),
    );
    prop_oneof![
        "[ab:./#é]{0,7}",
        made.prop_map(|(pieces, fill)| {
            let mut fill = fill.into_iter();
            let text = |piece| match piece {
                Piece::Text(text) => text,
                _ => fill.next().unwrap_or_default(),
            };
            pieces.into_iter().map(text).collect()
        }),
    ]
}

/// Sorts and deduplicates patterns, as the checks require.
fn sorted(mut patterns: Vec<Vec<Piece>>) -> Vec<Vec<Piece>> {
    patterns.sort_by_key(|pieces| read(pieces));
    patterns.dedup_by_key(|pieces| read(pieces));
    patterns
}

/// Patterns that differ in the kinds of their wildcards, and some others.
fn alike(literal: &'static str) -> impl Strategy<Value = Vec<Vec<Piece>>> {
    let kind = || proptest::sample::select(vec![Piece::Segment, Piece::Rest, Piece::Any]);
    let kinds = proptest::collection::vec(proptest::collection::vec(kind(), 7), 1..5);
    let others = proptest::collection::vec(pieces(literal), 0..3);
    (pieces(literal), kinds, others).prop_map(|(pieces, kinds, mut patterns)| {
        patterns.extend(kinds.into_iter().map(|kinds| {
            let each = pieces.iter().zip(kinds);
            each.map(|(piece, kind)| match piece {
                Piece::Text(_) => piece.clone(),
                _ => kind,
            })
            .collect()
        }));
        sorted(patterns)
    })
}

/// Patterns with targets.
fn sets(literal: &'static str) -> impl Strategy<Value = (Vec<Vec<Piece>>, Vec<String>)> {
    proptest::collection::vec(pieces(literal), 1..9).prop_flat_map(|patterns| {
        let patterns = sorted(patterns);
        let targets = proptest::collection::vec(targets(&patterns), 1..20);
        (Just(patterns), targets)
    })
}

/// Returns every text of these characters up to a length.
fn texts(characters: &[char], len: usize) -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut from = 0;
    for _ in 0..len {
        let to = texts.len();
        for index in from..to {
            texts.extend(
                characters
                    .iter()
                    .map(|c| format!("{}{c}", texts[index]))
                    .collect::<Vec<_>>(),
            );
        }
        from = to;
    }
    texts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_router_follows_the_rules((patterns, targets) in sets("[ab:é{}*]{1,3}")) {
        let table = Router::new(patterns.iter().enumerate().map(|(index, pieces)| (Some(read(pieces)), index)));
        let read: Vec<_> = patterns.iter().map(|pieces| read(pieces)).collect();
        let pairs = ambiguous_pairs(&read, usize::MAX, usize::MAX);
        for target in targets {
            let mut matching: Vec<_> = patterns
                .iter()
                .enumerate()
                .filter_map(|(index, pieces)| Some((rank(pieces), index, matches(pieces, &target, 0)?)))
                .collect();
            matching.sort_by(|a, b| a.0.cmp(&b.0));
            match matching.as_slice() {
                [(best, a, _), (second, b, _), ..] if best == second => {
                    let indices = (*a.min(b), *a.max(b));
                    prop_assert!(pairs.iter().any(|pair| pair.patterns == indices), "{target:?} matches both {indices:?}");
                }
                [(_, index, spans), ..] => {
                    prop_assert_eq!(table.find(&target), Some((*index, spans.clone().into())), "{:?}", target);
                }
                [] => prop_assert_eq!(table.find(&target), None, "{:?}", target),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn ambiguous_patterns_match_the_same_text((patterns, _) in sets("[ab:]{1,2}"), pairwise: bool) {
        let read: Vec<_> = patterns.iter().map(|pieces| read(pieces)).collect();
        let pairs = ambiguous_pairs(&read, usize::MAX, if pairwise { 0 } else { usize::MAX });
        for pair in &pairs {
            let (a, b) = pair.patterns;
            prop_assert!(a < b && rank(&patterns[a]) == rank(&patterns[b]));
            for pieces in [&patterns[a], &patterns[b]] {
                prop_assert!(matches(pieces, &pair.text, 0).is_some(), "{} is not for {}", pair.text, spell(pieces));
            }
            prop_assert_eq!(pairs.iter().filter(|other| other.patterns == pair.patterns).count(), 1);
        }
        for a in 0..patterns.len() {
            for b in a + 1..patterns.len() {
                if rank(&patterns[a]) != rank(&patterns[b]) || pairs.iter().any(|pair| pair.patterns == (a, b)) {
                    continue;
                }
                let both = |text: &&String| {
                    [a, b].iter().all(|index| matches(&patterns[*index], text, 0).is_some())
                };
                let text = texts(&['a', 'b', ':'], 7).iter().find(both).cloned();
                prop_assert_eq!(text, None, "{} and {}", spell(&patterns[a]), spell(&patterns[b]));
            }
        }
    }

    #[test]
    fn a_shadowed_pattern_never_wins(patterns in alike("[ab:]{1,2}")) {
        let read: Vec<_> = patterns.iter().map(|pieces| read(pieces)).collect();
        let shadowed = shadowed_pairs(&read);
        let texts = texts(&['a', 'b', ':'], 7);
        for (index, pieces) in patterns.iter().enumerate() {
            let own: Vec<_> = texts.iter().filter(|text| matches(pieces, text, 0).is_some()).collect();
            let hides = |by: &Vec<Piece>| {
                rank(by) < rank(pieces) && own.iter().all(|text| matches(by, text, 0).is_some())
            };
            match shadowed.iter().find(|(pattern, _)| *pattern == index) {
                Some((_, by)) => prop_assert!(hides(&patterns[*by]), "{} by {}", spell(pieces), spell(&patterns[*by])),
                // A pattern that matches only longer texts can't be checked here.
                None => prop_assert!(own.is_empty() || !patterns.iter().any(hides), "{}", spell(pieces)),
            }
        }
    }
}
