//! The look-up of one kind: exact first, then by the literal prefix of patterns.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use foldhash::fast::FixedState;

use super::pattern::{Pattern, Rank};

#[derive(Default)]
pub(crate) struct Table {
    /// The handler of a kind without patterns.
    only: Option<usize>,
    exact: HashMap<String, usize, FixedState>,
    by_prefix: HashMap<String, Vec<Wild>, FixedState>,
    /// How long the prefixes are: so many look-ups a target takes, however many handlers there are.
    prefix_lens: Vec<usize>,
}

struct Wild {
    rank: Rank,
    pattern: Pattern,
    handler: usize,
}

impl Table {
    pub(crate) fn new(handlers: impl IntoIterator<Item = (Option<Pattern>, usize)>) -> Self {
        let mut table = Self::default();
        let mut lens = BTreeSet::new();
        for (pattern, handler) in handlers {
            match pattern {
                None => table.only = Some(handler),
                Some(pattern) => match pattern.exact() {
                    Some(text) => {
                        table.exact.insert(text.to_owned(), handler);
                    }
                    None => {
                        lens.insert(pattern.prefix().len());
                        let wild = Wild {
                            rank: pattern.rank(),
                            handler,
                            pattern,
                        };
                        table
                            .by_prefix
                            .entry(wild.pattern.prefix().to_owned())
                            .or_default()
                            .push(wild);
                    }
                },
            }
        }
        for group in table.by_prefix.values_mut() {
            group.sort_by(|a, b| a.rank.cmp(&b.rank));
        }
        table.prefix_lens = lens.into_iter().collect();
        table
    }

    /// The handler for a target, and where its named wildcards stand.
    pub(crate) fn find(&self, target: &str) -> Option<(usize, Vec<Range<usize>>)> {
        if let Some(handler) = self.only {
            return Some((handler, Vec::new()));
        }
        if let Some(handler) = self.exact.get(target) {
            return Some((*handler, Vec::new()));
        }
        let mut best: Option<(&Wild, Vec<Range<usize>>)> = None;
        for len in &self.prefix_lens {
            let Some(prefix) = target.get(..*len) else {
                continue;
            };
            for wild in self.by_prefix.get(prefix).into_iter().flatten() {
                if best.as_ref().is_some_and(|(other, _)| other.rank <= wild.rank) {
                    break;
                }
                if let Some(params) = wild.pattern.matches(target) {
                    best = Some((wild, params));
                    break;
                }
            }
        }
        best.map(|(wild, params)| (wild.handler, params))
    }
}
