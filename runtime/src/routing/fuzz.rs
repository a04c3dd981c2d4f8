//! Fuzz target of patterns: the parser, and the router against the naive matcher.

use super::ambiguous::ambiguous_pairs;
use super::naive_matcher::{Piece, matches, rank, read};
use super::pattern::Pattern;
use super::router::Router;
use crate::fuzzing::Choices;

/// Parses the bytes as a pattern, and reads them as choices of patterns and of targets.
pub fn patterns(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(pattern) = Pattern::parse(text)
    {
        let table = Router::new([(Some(pattern.clone()), 0)].into_iter());
        assert!(!pattern.is_exact() || text.is_empty() || table.find(pattern.prefix()).is_some());
        let _ = (pattern.rank(), table.find(text));
    }
    check(&mut Choices(bytes));
}

fn check(choices: &mut Choices<'_>) {
    let mut patterns: Vec<_> = (0..=choices.below(8)).map(|_| pieces(choices)).collect();
    patterns.sort_by_key(|pieces| read(pieces));
    patterns.dedup_by_key(|pieces| read(pieces));
    let read: Vec<_> = patterns.iter().map(|pieces| read(pieces)).collect();
    let ties = ambiguous_pairs(&read, usize::MAX, usize::MAX);
    let table = Router::new(read.iter().cloned().map(Some).zip(0..));
    while !choices.is_over() {
        let target = target(choices, &patterns);
        let mut matching: Vec<_> = (0..)
            .zip(&patterns)
            .filter_map(|(index, pieces)| Some((rank(pieces), index, matches(pieces, &target, 0)?)))
            .collect();
        matching.sort_by(|a, b| a.0.cmp(&b.0));
        match matching.as_slice() {
            [(best, a, _), (second, b, _), ..] if best == second => {
                let pair: (usize, usize) = (*a.min(b), *a.max(b));
                assert!(
                    ties.iter().any(|tie| tie.patterns == pair),
                    "{target:?} is for both {pair:?}"
                );
            }
            [(_, index, spans), ..] => {
                assert_eq!(
                    table.find(&target),
                    Some((*index, spans.clone().into())),
                    "{target:?}"
                );
            }
            [] => assert_eq!(table.find(&target), None, "{target:?}"),
        }
    }
}

const LETTERS: [&str; 12] = ["a", "b", ":", "é", "ab", ".", "/", "#", "{", "}", "*", "😀"];

fn text(choices: &mut Choices<'_>, most: usize) -> String {
    (0..=choices.below(most)).map(|_| choices.of(&LETTERS)).collect()
}

fn pieces(choices: &mut Choices<'_>) -> Vec<Piece> {
    let mut pieces: Vec<_> = (0..=choices.below(6))
        .map(|_| match choices.below(8) {
            0..=3 => Piece::Text(text(choices, 3)),
            4 | 5 => Piece::Segment,
            6 => Piece::Rest,
            _ => Piece::Any,
        })
        .collect();
    let is_text = |piece: &Piece| matches!(piece, Piece::Text(_));
    pieces.dedup_by(|a, b| !is_text(a) && !is_text(b));
    pieces
}

/// An arbitrary text, or one that matches a pattern.
fn target(choices: &mut Choices<'_>, patterns: &[Vec<Piece>]) -> String {
    if choices.below(3) == 0 {
        return text(choices, 8);
    }
    let index = choices.below(patterns.len());
    patterns[index]
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            _ => text(choices, 3),
        })
        .collect()
}
