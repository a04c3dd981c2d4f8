//! A matcher that tries everything, as the reference for tests of the router.

use std::cmp::Reverse;
use std::ops::Range;

use super::pattern::Pattern;

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Segment,
    Rest,
    Any,
}

/// Returns the pattern as a user writes it.
pub(super) fn spell(pieces: &[Piece]) -> String {
    let spell = |(index, piece): (usize, &Piece)| match piece {
        Piece::Text(text) => text.replace('{', "{{").replace('}', "}}").replace('*', "\\*"),
        Piece::Segment => format!("{{n{index}}}"),
        Piece::Rest => format!("{{n{index}*}}"),
        Piece::Any => "*".to_owned(),
    };
    pieces.iter().enumerate().map(spell).collect()
}

pub(super) fn read(pieces: &[Piece]) -> Pattern {
    Pattern::parse(&spell(pieces)).expect("the pattern is well-formed")
}

/// Returns the rank by the rules of the docs: the smaller one has precedence.
pub(super) fn rank(pieces: &[Piece]) -> impl Ord + use<> {
    let literal: usize = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.chars().count(),
            _ => 0,
        })
        .sum();
    let wilds: Vec<u8> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Segment => Some(1),
            Piece::Rest => Some(2),
            Piece::Any => Some(3),
        })
        .collect();
    (!wilds.is_empty(), Reverse(literal), wilds.len(), wilds)
}

/// Returns the positions of the named wildcards: the first match if shorter ones are tried first.
pub(super) fn matches(pieces: &[Piece], target: &str, at: usize) -> Option<Vec<Range<usize>>> {
    let Some((first, others)) = pieces.split_first() else {
        return (at == target.len()).then(Vec::new);
    };
    if let Piece::Text(text) = first {
        return target[at..]
            .starts_with(text.as_str())
            .then(|| matches(others, target, at + text.len()))?;
    }
    let ends = target[at..]
        .char_indices()
        .map(|(offset, c)| at + offset + c.len_utf8());
    ends.take_while(|end| *first != Piece::Segment || !target[at..*end].contains([':', '/', '.', '#']))
        .find_map(|end| {
            let mut spans = matches(others, target, end)?;
            if *first != Piece::Any {
                spans.insert(0, at..end);
            }
            Some(spans)
        })
}
