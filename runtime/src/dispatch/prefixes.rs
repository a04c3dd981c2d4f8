//! The literal text that patterns with wildcards begin with: leads a look-up to the longest that fits, in one step.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::pattern::Wild;
use super::texts::Texts;
use super::trie::{NONE, Trie};

#[derive(Default)]
pub(crate) struct Prefixes {
    texts: Texts,
    /// The longest first.
    lengths: Vec<Length>,
}

struct Length {
    len: usize,
    /// The bytes that prefixes of this length end with: most lengths need no look at the texts.
    last: [u64; 4],
}

/// Where a prefix leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Just one wildcard follows, and ends a pattern that wins over all that begin with shorter prefixes.
    End(Wild, u32),
    /// A node of the trie.
    Node(u32),
}

impl Prefixes {
    pub(crate) fn new(trie: &Trie) -> Self {
        let mut texts = Texts::default();
        let mut lengths: BTreeMap<Reverse<usize>, [u64; 4]> = BTreeMap::new();
        for (text, node) in trie.prefixes() {
            texts.insert(&text, Way::of(trie, node).pack());
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
    pub(crate) fn find<'a>(&self, target: &'a [u8]) -> Option<(Way, &'a [u8])> {
        self.lengths
            .iter()
            .filter_map(|length| length.split(target))
            .find_map(|(prefix, rest)| Some((Way::unpack(self.texts.find(prefix)?), rest)))
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

impl Way {
    fn of(trie: &Trie, index: u32) -> Self {
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
        {
            Self::End(wild, trie.node(child).end)
        } else {
            Self::Node(index)
        }
    }

    fn pack(self) -> u32 {
        match self {
            Self::Node(index) => index << 2,
            Self::End(Wild::Segment, pattern) => pattern << 2 | 1,
            Self::End(Wild::Rest, pattern) => pattern << 2 | 2,
            Self::End(Wild::Any, pattern) => pattern << 2 | 3,
        }
    }

    fn unpack(packed: u32) -> Self {
        let number = packed >> 2;
        match packed & 3 {
            0 => Self::Node(number),
            1 => Self::End(Wild::Segment, number),
            2 => Self::End(Wild::Rest, number),
            _ => Self::End(Wild::Any, number),
        }
    }
}
