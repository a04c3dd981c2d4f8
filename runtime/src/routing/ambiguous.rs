//! Which patterns tie: those of one rank that some text matches both. All of them are walked against each other, one
//! byte at a time.
//!
//! What begins alike is walked once, and what can't meet is not compared: ten thousand patterns take milliseconds.

use std::collections::{BTreeMap, HashSet};

use super::pattern::{Pattern, Rank, Wild};
use super::trie::{NONE, Trie};

/// So many steps are taken at most before patterns are compared pair by pair, which is slower and needs no memory: many
/// patterns that begin with wildcards can meet at a product of their places.
pub(crate) const MOST_STEPS: usize = 1_000_000;

/// Two patterns of one rank that meet, by their places among those that were asked about, the smaller first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tie {
    pub(crate) patterns: (usize, usize),
    /// A text that both match.
    pub(crate) text: String,
}

/// The pairs of patterns that tie, but no more than `most`. The patterns are sorted and all different.
pub(crate) fn ties(patterns: &[Pattern], most: usize, most_steps: usize) -> Vec<Tie> {
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
                .ties(most, most_steps)
                .unwrap_or_else(|TooManySteps| pairwise(&patterns, most)),
        );
    }
    found
}

fn pairwise(patterns: &[(&[u8], u32)], most: usize) -> Vec<Tie> {
    let pairs = patterns
        .iter()
        .enumerate()
        .flat_map(|(index, a)| patterns[index + 1..].iter().map(|b| [*a, *b]))
        .filter(|[(a, _), (b, _)]| {
            ends_meet(a.iter(), b.iter()) && ends_meet(a.iter().rev(), b.iter().rev())
        });
    pairs
        .filter_map(|pair| Walk::new(&Trie::new(&pair)).ties(1, usize::MAX).ok()?.pop())
        .take(most)
        .collect()
}

/// Whether two patterns are equal up to the first wildcard in one of them.
fn ends_meet<'a>(a: impl Iterator<Item = &'a u8>, b: impl Iterator<Item = &'a u8>) -> bool {
    a.zip(b)
        .find(|(a, b)| a != b || Wild::of(**a).is_some())
        .is_none_or(|(a, b)| Wild::of(*a).is_some() || Wild::of(*b).is_some())
}

struct TooManySteps;

/// A node, and how much of its label has been read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Place {
    node: u32,
    read: u32,
}

/// Two places that the same text leads to.
#[derive(Clone, Copy)]
struct Step {
    a: Place,
    b: Place,
    /// The step before, and the byte from there.
    before: u32,
    byte: u8,
}

/// What can be read at a place.
#[derive(Clone, Copy)]
enum Reads {
    Literal(u8),
    Wild(Wild),
}

struct Walk<'a> {
    trie: &'a Trie,
    /// Whether more than one pattern ends at a node or below.
    forks: Vec<bool>,
    steps: Vec<Step>,
    seen: HashSet<(Place, Place)>,
    /// The steps from which nobody went on.
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

    /// Each pair that meets ends at one pair of places, so that it is found once.
    fn ties(mut self, most: usize, most_steps: usize) -> Result<Vec<Tie>, TooManySteps> {
        let mut found = Vec::new();
        let start = Place { node: 0, read: 0 };
        self.go(start, start, NONE, 0);
        // The last that was opened goes first: where there are too many ties, enough of them are found at once.
        while let Some(index) = self.open.pop()
            && found.len() < most
        {
            if self.steps.len() > most_steps {
                return Err(TooManySteps);
            }
            let step = self.steps[index as usize];
            let (a, b) = (self.end(step.a), self.end(step.b));
            if a != b && a != NONE && b != NONE {
                found.push(Tie {
                    patterns: (a.min(b) as usize, a.max(b) as usize),
                    text: self.text(index),
                });
            }
            self.follow(step, index);
        }
        Ok(found)
    }

    fn go(&mut self, a: Place, b: Place, before: u32, byte: u8) {
        // Below the last fork a pattern meets only itself.
        if a.node == b.node && !self.forks[a.node as usize] {
            return;
        }
        let (a, b) = (a.min(b), a.max(b));
        if self.seen.insert((a, b)) {
            self.open.push(self.steps.len() as u32);
            self.steps.push(Step { a, b, before, byte });
        }
    }

    /// Every step that leads on from this one.
    fn follow(&mut self, step: Step, index: u32) {
        let (from_a, from_b) = (self.reads(step.a), self.reads(step.b));
        // What is opened last goes first: literal text makes the shorter ways.
        for (reads_a, to_a) in from_a.iter().rev() {
            for (reads_b, to_b) in from_b.iter().rev() {
                let byte = match (*reads_a, *reads_b) {
                    (Reads::Literal(a), Reads::Literal(b)) if a == b => a,
                    (Reads::Literal(byte), Reads::Wild(wild)) | (Reads::Wild(wild), Reads::Literal(byte))
                        if wild.takes(byte) =>
                    {
                        byte
                    }
                    // Any byte that all wildcards take.
                    (Reads::Wild(_), Reads::Wild(_)) => b'x',
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
        // A wildcard takes one byte on the way in, and then more.
        let itself = trie.wild(place.node).map(|_| place.node);
        let wilds = trie
            .wilds(node)
            .chain(itself)
            .filter_map(|index| Some((Reads::Wild(trie.wild(index)?), index)));
        literals
            .chain(wilds)
            .map(|(reads, node)| (reads, Place { node, read: 0 }))
            .collect()
    }

    /// The pattern that ends at a place.
    fn end(&self, place: Place) -> u32 {
        let node = self.trie.node(place.node);
        if self.trie.label(node).len() == place.read as usize {
            node.end
        } else {
            NONE
        }
    }

    /// What was read up to a step.
    fn text(&self, mut index: u32) -> String {
        let mut bytes = Vec::new();
        while let Some(step) = self.steps.get(index as usize)
            && step.before != NONE
        {
            bytes.push(step.byte);
            index = step.before;
        }
        bytes.reverse();
        // Each byte belongs to a literal or is ours, and literals are left only where a character ends.
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
