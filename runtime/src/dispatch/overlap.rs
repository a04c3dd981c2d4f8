//! Which patterns tie: those of one rank that some text matches both. All of them are walked against each other, one
//! byte at a time.
//!
//! What begins alike is walked once, and what can't meet is not compared: ten thousand patterns take milliseconds.

use std::collections::{BTreeMap, HashSet};

use super::pattern::{Pattern, Rank, Wild};
use super::trie::{NONE, Trie};

/// Two patterns of one rank that meet, by their places among those that were asked about, the smaller first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tie {
    pub(crate) patterns: (usize, usize),
    /// A text that both match.
    pub(crate) text: String,
}

/// The pairs of patterns that tie, but no more than `most`. The patterns are sorted and all different.
pub(crate) fn ties(patterns: &[Pattern], most: usize) -> Vec<Tie> {
    let mut ranks: BTreeMap<Rank, Vec<(&[u8], u32)>> = BTreeMap::new();
    for (number, pattern) in (0..).zip(patterns) {
        let rank = ranks.entry(pattern.rank()).or_default();
        rank.push((pattern.as_bytes(), number));
    }
    let mut found = Vec::new();
    for patterns in ranks.into_values().filter(|patterns| patterns.len() > 1) {
        walk(&Trie::new(&patterns), most, &mut found);
    }
    found
}

fn walk(trie: &Trie, most: usize, found: &mut Vec<Tie>) {
    let mut walk = Walk {
        trie,
        forks: forks(trie),
        steps: Vec::new(),
        seen: HashSet::new(),
    };
    let start = Place { node: 0, read: 0 };
    walk.go(start, start, NONE, 0);
    let mut next = 0;
    while let Some(step) = walk.steps.get(next)
        && found.len() < most
    {
        let (a, b) = (walk.end(step.a), walk.end(step.b));
        if a != b && a != NONE && b != NONE {
            found.push(Tie {
                patterns: (a.min(b) as usize, a.max(b) as usize),
                text: walk.text(next),
            });
        }
        walk.follow(next);
        next += 1;
    }
}

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
}

impl Walk<'_> {
    fn go(&mut self, a: Place, b: Place, before: u32, byte: u8) {
        // Below the last fork a pattern meets only itself.
        if a.node == b.node && !self.forks[a.node as usize] {
            return;
        }
        let (a, b) = (a.min(b), a.max(b));
        if self.seen.insert((a, b)) {
            self.steps.push(Step { a, b, before, byte });
        }
    }

    /// Every step that leads on from this one.
    fn follow(&mut self, index: usize) {
        let Some(Step { a, b, .. }) = self.steps.get(index).copied() else {
            return;
        };
        let (from_a, from_b) = (self.reads(a), self.reads(b));
        let before = index as u32;
        for (reads_a, to_a) in &from_a {
            for (reads_b, to_b) in &from_b {
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
                self.go(*to_a, *to_b, before, byte);
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
    fn text(&self, index: usize) -> String {
        let mut bytes = Vec::new();
        let mut index = index as u32;
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
