//! The literal text that patterns with wildcards begin with: leads a look-up to the longest that fits, in one step.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::exact_index::ExactIndex;
use super::pattern::Wild;
use super::trie::{NONE, Trie};

pub(crate) struct PrefixIndex<H> {
    texts: ExactIndex<Way<H>>,
    /// The longest first.
    lengths: Vec<Length>,
}

struct Length {
    len: usize,
    /// The bytes that prefixes of this length end with: most lengths need no look at the texts.
    last: [u64; 4],
}

/// Where a prefix leads.
pub(crate) enum Way<H> {
    /// Just one wildcard follows, and ends the pattern of a handler that wins over all that begin with shorter prefixes.
    End(Wild, H),
    /// A node of the trie.
    Node(u32),
}

impl<H: Copy> PrefixIndex<H> {
    /// Of a trie, with the handlers of its patterns.
    pub(crate) fn new(trie: &Trie, handlers: &[H]) -> Self {
        let mut texts = ExactIndex::new();
        let mut lengths: BTreeMap<Reverse<usize>, [u64; 4]> = BTreeMap::new();
        for (text, node) in trie.prefixes() {
            texts.insert(&text, Way::of(trie, node, handlers));
            let last = lengths.entry(Reverse(text.len())).or_default();
            if let Some(byte) = text.last() {
                last[usize::from(byte >> 6)] |= 1 << (byte & 63);
            }
        }
        let lengths = lengths
            .into_iter()
            .map(|(Reverse(len), last)| Length { len, last });
        Self {
            texts,
            lengths: lengths.collect(),
        }
    }

    /// The longest prefix of `target`, and what stands behind it.
    pub(crate) fn find<'a>(&self, target: &'a [u8]) -> Option<(&Way<H>, &'a [u8])> {
        self.lengths
            .iter()
            .filter_map(|length| length.split(target))
            .find_map(|(prefix, rest)| Some((self.texts.find(prefix)?, rest)))
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

impl<H: Copy> Way<H> {
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
            Self::End(wild, *handler)
        } else {
            Self::Node(index)
        }
    }
}
