//! An index of the literal text that patterns with wildcards begin with.
//!
//! It finds the longest prefix of a target in one step. With the trie alone, 10,000 patterns whose prefixes have 40 different
//! lengths cost a look-up about 300 ns instead of 200 ns.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;

use super::pattern::Wildcard;
use super::trie::{NONE, Trie};

/// Finds the longest literal prefix of a target that any pattern with wildcards begins with.
pub(crate) struct PrefixIndex<H> {
    prefixes: HashMap<Box<[u8]>, AfterPrefix<H>, FixedState>,
    /// The lengths of the prefixes, the longest first.
    lengths: Vec<Length>,
}

struct Length {
    len: usize,
    /// The set of bytes that prefixes of this length end with. Most lengths are ruled out without a look-up.
    last: [u64; 4],
}

/// What follows a prefix.
pub(crate) enum AfterPrefix<H> {
    /// One wildcard, which ends a pattern that has precedence over all patterns with shorter prefixes.
    Handler(Wildcard, H),
    /// The rest of several patterns, below a node of the trie.
    Node(u32),
}

impl<H: Copy> PrefixIndex<H> {
    /// Creates the index of a trie. The numbers of patterns are indices of `handlers`.
    pub(crate) fn new(trie: &Trie, handlers: &[H]) -> Self {
        let mut prefixes = HashMap::default();
        let mut lengths: BTreeMap<Reverse<usize>, [u64; 4]> = BTreeMap::new();
        for (text, node) in trie.prefixes() {
            prefixes.insert(text.as_slice().into(), AfterPrefix::of(trie, node, handlers));
            let last = lengths.entry(Reverse(text.len())).or_default();
            if let Some(byte) = text.last() {
                last[usize::from(byte >> 6)] |= 1 << (byte & 63);
            }
        }
        let lengths = lengths
            .into_iter()
            .map(|(Reverse(len), last)| Length { len, last });
        Self {
            prefixes,
            lengths: lengths.collect(),
        }
    }

    /// Returns what follows the longest prefix of `target`, and the rest of the target.
    pub(crate) fn find<'a>(&self, target: &'a [u8]) -> Option<(&AfterPrefix<H>, &'a [u8])> {
        self.lengths
            .iter()
            .filter_map(|length| length.split(target))
            .find_map(|(prefix, rest)| Some((self.prefixes.get(prefix)?, rest)))
    }
}

impl Length {
    fn split<'a>(&self, target: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let (prefix, rest) = target.split_at_checked(self.len)?;
        let fits = prefix
            .last()
            .is_none_or(|byte| self.last[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1);
        fits.then_some((prefix, rest))
    }
}

impl<H: Copy> AfterPrefix<H> {
    fn of(trie: &Trie, index: u32, handlers: &[H]) -> Self {
        let mut above = trie.node(index).above;
        let mut best_above = NONE;
        while above != NONE {
            let node = trie.node(above);
            let wilds = trie.wilds(node).map(|child| trie.node(child).best);
            best_above = wilds.fold(best_above, u32::min);
            above = node.above;
        }
        let mut wilds = trie.wilds(trie.node(index));
        if let (Some(child), None) = (wilds.next(), wilds.next())
            && let Some(wild) = trie.wild(child)
            && !trie.node(child).has_literals()
            && trie.node(child).end < best_above
            && let Some(handler) = handlers.get(trie.node(child).end as usize)
        {
            Self::Handler(wild, *handler)
        } else {
            Self::Node(index)
        }
    }
}
