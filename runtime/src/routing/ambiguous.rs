//! Ambiguous patterns: pairs of the same rank that both match some text.
//!
//! All patterns of a rank are walked against each other in a trie, one byte at a time. Common prefixes are walked once, and
//! patterns that can't match the same text are not compared, so that ten thousand patterns take milliseconds.

use std::collections::{BTreeMap, HashSet};

use super::pattern::{Pattern, Rank, Wildcard};
use super::trie::{NONE, Trie};

/// The number of steps of a walk after which patterns are compared in pairs instead, which is slower but needs no memory. Many
/// patterns that begin with wildcards can make the walk as long as the product of their lengths.
pub(crate) const MOST_STEPS: usize = 1_000_000;

/// Two patterns of the same rank that both match a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AmbiguousPair {
    /// The indices of the patterns, the lower one first.
    pub(crate) patterns: (usize, usize),
    /// A text that both match.
    pub(crate) text: String,
}

/// Returns at most `most` pairs of ambiguous patterns. The patterns have to be sorted and different.
pub(crate) fn ambiguous_pairs(patterns: &[Pattern], most: usize, most_steps: usize) -> Vec<AmbiguousPair> {
    let mut ranks: BTreeMap<Rank, Vec<(&[u8], u32)>> = BTreeMap::new();
    for (number, pattern) in (0..).zip(patterns) {
        let rank = ranks.entry(pattern.rank()).or_default();
        rank.push((pattern.as_bytes(), number));
    }
    let mut found = Vec::new();
    for patterns in ranks.into_values().filter(|patterns| patterns.len() > 1) {
        let most = most - found.len();
        found.extend(
            Walk::new(&Trie::new(&patterns))
                .pairs(most, most_steps)
                .unwrap_or_else(|TooManySteps| pairwise(&patterns, most)),
        );
    }
    found
}

fn pairwise(patterns: &[(&[u8], u32)], most: usize) -> Vec<AmbiguousPair> {
    let pairs = patterns
        .iter()
        .enumerate()
        .flat_map(|(index, a)| patterns[index + 1..].iter().map(|b| [*a, *b]))
        .filter(|[(a, _), (b, _)]| {
            ends_meet(a.iter(), b.iter()) && ends_meet(a.iter().rev(), b.iter().rev())
        });
    pairs
        .filter_map(|pair| Walk::new(&Trie::new(&pair)).pairs(1, usize::MAX).ok()?.pop())
        .take(most)
        .collect()
}

/// Whether two patterns are equal up to the first wildcard of either.
fn ends_meet<'a>(a: impl Iterator<Item = &'a u8>, b: impl Iterator<Item = &'a u8>) -> bool {
    a.zip(b)
        .find(|(a, b)| a != b || Wildcard::of(**a).is_some())
        .is_none_or(|(a, b)| Wildcard::of(*a).is_some() || Wildcard::of(*b).is_some())
}

struct TooManySteps;

/// A position in the trie: a node, and how many bytes of its label were read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Place {
    node: u32,
    read: u32,
}

/// Two positions that the same text leads to.
#[derive(Clone, Copy)]
struct Step {
    a: Place,
    b: Place,
    /// The previous step, and the byte that was read since.
    before: u32,
    byte: u8,
}

/// What can be read at a position.
#[derive(Clone, Copy)]
enum Reads {
    Literal(u8),
    Wildcard(Wildcard),
}

/// A walk of all patterns of a trie against each other.
struct Walk<'a> {
    trie: &'a Trie,
    /// Whether more than one pattern ends at a node or below.
    forks: Vec<bool>,
    steps: Vec<Step>,
    seen: HashSet<(Place, Place)>,
    /// The steps that were not followed yet.
    open: Vec<u32>,
}

impl<'a> Walk<'a> {
    fn new(trie: &'a Trie) -> Self {
        Self {
            trie,
            forks: forks(trie),
            steps: Vec::new(),
            seen: HashSet::new(),
            open: Vec::new(),
        }
    }

    /// Returns the ambiguous pairs. Each ends at one pair of positions, so it is found once.
    fn pairs(mut self, most: usize, most_steps: usize) -> Result<Vec<AmbiguousPair>, TooManySteps> {
        let mut found = Vec::new();
        let start = Place { node: 0, read: 0 };
        self.go(start, start, NONE, 0);
        // Depth first: if there are too many pairs, enough of them are found early.
        while let Some(index) = self.open.pop()
            && found.len() < most
        {
            if self.steps.len() > most_steps {
                return Err(TooManySteps);
            }
            let step = self.steps[index as usize];
            let (a, b) = (self.end(step.a), self.end(step.b));
            if a != b && a != NONE && b != NONE {
                found.push(AmbiguousPair {
                    patterns: (a.min(b) as usize, a.max(b) as usize),
                    text: self.text(index),
                });
            }
            self.follow(step, index);
        }
        Ok(found)
    }

    fn go(&mut self, a: Place, b: Place, before: u32, byte: u8) {
        // Below the last fork there is only one pattern.
        if a.node == b.node && !self.forks[a.node as usize] {
            return;
        }
        let (a, b) = (a.min(b), a.max(b));
        if self.seen.insert((a, b)) {
            self.open.push(self.steps.len() as u32);
            self.steps.push(Step { a, b, before, byte });
        }
    }

    /// Adds every step that follows this one.
    fn follow(&mut self, step: Step, index: u32) {
        let (from_a, from_b) = (self.reads(step.a), self.reads(step.b));
        // The last step that is added is followed first. Literal text leads to shorter texts.
        for (reads_a, to_a) in from_a.iter().rev() {
            for (reads_b, to_b) in from_b.iter().rev() {
                let byte = match (*reads_a, *reads_b) {
                    (Reads::Literal(a), Reads::Literal(b)) if a == b => a,
                    (Reads::Literal(byte), Reads::Wildcard(wild))
                    | (Reads::Wildcard(wild), Reads::Literal(byte))
                        if wild.takes(byte) =>
                    {
                        byte
                    }
                    // Any byte that all wildcards match.
                    (Reads::Wildcard(_), Reads::Wildcard(_)) => b'x',
                    _ => continue,
                };
                self.go(*to_a, *to_b, index, byte);
            }
        }
    }

    fn reads(&self, place: Place) -> Vec<(Reads, Place)> {
        let (trie, node) = (self.trie, self.trie.node(place.node));
        if let Some(byte) = trie.label(node).get(place.read as usize) {
            let read = place.read + 1;
            return vec![(Reads::Literal(*byte), Place { read, ..place })];
        }
        let literals = trie
            .literals(node)
            .map(|child| (Reads::Literal(trie.head(child)), child));
        // A wildcard matches one byte on the way into its node, and more after that.
        let itself = trie.wild(place.node).map(|_| place.node);
        let wilds = trie
            .wilds(node)
            .chain(itself)
            .filter_map(|index| Some((Reads::Wildcard(trie.wild(index)?), index)));
        literals
            .chain(wilds)
            .map(|(reads, node)| (reads, Place { node, read: 0 }))
            .collect()
    }

    /// Returns the pattern that ends at a position.
    fn end(&self, place: Place) -> u32 {
        let node = self.trie.node(place.node);
        if self.trie.label(node).len() == place.read as usize {
            node.end
        } else {
            NONE
        }
    }

    /// Returns the text that was read up to a step.
    fn text(&self, mut index: u32) -> String {
        let mut bytes = Vec::new();
        while let Some(step) = self.steps.get(index as usize)
            && step.before != NONE
        {
            bytes.push(step.byte);
            index = step.before;
        }
        bytes.reverse();
        // Each byte is of a literal or is the `x` above, and a literal is left only at the end of a character.
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Whether more than one pattern ends at a node or below, for each node.
fn forks(trie: &Trie) -> Vec<bool> {
    let mut ends = vec![0u32; trie.len()];
    for index in (0..trie.len()).rev() {
        let node = trie.node(index as u32);
        let below = trie.literals(node).chain(trie.wilds(node));
        ends[index] = u32::from(node.end != NONE) + below.map(|child| ends[child as usize]).sum::<u32>();
    }
    ends.into_iter().map(|ends| ends > 1).collect()
}
