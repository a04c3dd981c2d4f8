//! The look-up of one kind: finds the pattern that wins, and where its wildcards stand.

use std::collections::BTreeMap;
use std::ops::Range;

use smallvec::{SmallVec, smallvec};

use super::exact_index::ExactIndex;
use super::pattern::{Pattern, Wild, is_separator};
use super::prefix_index::{PrefixIndex, Way};
use super::trie::{NONE, Trie};

/// Where the named wildcards stand in a target. Patterns have one or two: then this costs no allocation.
pub(crate) type Params = SmallVec<[Range<usize>; 2]>;

pub(crate) struct Router<H> {
    /// The handler of a kind without patterns.
    only: Option<H>,
    /// The handlers of patterns without wildcards.
    exact: ExactIndex<H>,
    /// The patterns with wildcards, known by their place in `handlers`.
    trie: Trie,
    prefixes: PrefixIndex<H>,
    /// Who wins stands before who loses.
    handlers: Vec<H>,
}

impl<H: Copy> Router<H> {
    /// Of handlers, with their patterns. Of those with equal patterns the first counts.
    pub(crate) fn new(handlers: impl IntoIterator<Item = (Option<Pattern>, H)>) -> Self {
        let mut only = None;
        let mut exact = ExactIndex::new();
        let mut ranked = Vec::new();
        for (pattern, handler) in handlers {
            match pattern {
                None => only = Some(handler),
                Some(pattern) if pattern.is_exact() => exact.insert(pattern.as_bytes(), handler),
                Some(pattern) => ranked.push((pattern.rank(), pattern, handler)),
            }
        }
        ranked.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        ranked.dedup_by(|(_, a, _), (_, b, _)| a == b);
        let mut patterns: Vec<_> = (0..)
            .zip(&ranked)
            .map(|(number, (_, pattern, _))| (pattern.as_bytes(), number))
            .collect();
        patterns.sort_unstable();
        let trie = Trie::new(&patterns);
        let handlers: Vec<_> = ranked.into_iter().map(|(.., handler)| handler).collect();
        Self {
            only,
            exact,
            prefixes: PrefixIndex::new(&trie, &handlers),
            trie,
            handlers,
        }
    }

    /// The handler for a target, and where its named wildcards stand.
    pub(crate) fn find(&self, target: &str) -> Option<(H, Params)> {
        if let Some(handler) = self.only {
            return Some((handler, Params::new()));
        }
        let target = target.as_bytes();
        // A pattern without wildcards wins over all others.
        if let Some(handler) = self.exact.find(target) {
            return Some((*handler, Params::new()));
        }
        let (way, rest) = self.prefixes.find(target)?;
        if let Way::End(wild, handler) = way
            && wild.fits(rest)
        {
            let span = target.len() - rest.len()..target.len();
            return Some((
                *handler,
                if *wild == Wild::Any {
                    Params::new()
                } else {
                    smallvec![span]
                },
            ));
        }
        let mut search = Search {
            trie: &self.trie,
            target,
            best: NONE,
            spans: Params::new(),
            tried: BTreeMap::new(),
            segment: 0..0,
        };
        match way {
            Way::Node(node) => search.wilds(*node, 0, None),
            // Its wildcard does not fit: a shorter prefix may.
            Way::End(..) => search.literal(0, 0, None),
        }
        let handler = self.handlers.get(search.best as usize)?;
        Some((*handler, search.spans))
    }
}

struct Search<'a> {
    trie: &'a Trie,
    target: &'a [u8],
    /// The best pattern until now.
    best: u32,
    spans: Params,
    /// Up to where a wildcard behind another one has been stretched: what was tried needs no second look, which keeps
    /// the cost of a hostile target at the product of lengths.
    tried: BTreeMap<u32, usize>,
    /// A part of the target without separators in it, and with one, or the end, behind it.
    segment: Range<usize>,
}

/// What a wildcard on the way took.
struct Span<'a> {
    before: Option<&'a Self>,
    wild: Wild,
    at: Range<usize>,
}

impl Search<'_> {
    /// Reads literal text from `start` on, beginning with the label of `index`, then tries the wildcards on this way,
    /// the last first.
    fn literal(&mut self, mut index: u32, start: usize, spans: Option<&Span<'_>>) {
        let trie = self.trie;
        let mut wilds = NONE;
        loop {
            let node = trie.node(index);
            let (label, end) = (trie.label(node), start + node.depth as usize);
            if node.best >= self.best
                || (!label.is_empty() && self.target.get(end - label.len()..end) != Some(label))
            {
                break;
            }
            wilds = node.above;
            let Some(byte) = self.target.get(end) else {
                self.found(node.end, spans);
                break;
            };
            if node.has_wilds() {
                wilds = index;
            }
            match trie.literal(node, *byte) {
                Some(child) => index = child,
                None => break,
            }
        }
        self.wilds(wilds, start, spans);
    }

    /// Tries the wildcards of a node and of those above it.
    fn wilds(&mut self, mut index: u32, start: usize, spans: Option<&Span<'_>>) {
        while index != NONE {
            let node = self.trie.node(index);
            for child in self.trie.wilds(node) {
                self.wild(child, start + node.depth as usize, spans);
            }
            index = node.above;
        }
    }

    /// Stretches a wildcard that begins at `start`, the shortest first.
    fn wild(&mut self, index: u32, start: usize, spans: Option<&Span<'_>>) {
        let node = self.trie.node(index);
        let Some(wild) = self.trie.wild(index) else { return };
        if node.best >= self.best {
            return;
        }
        let len = self.target.len();
        let most = if wild == Wild::Segment {
            self.segment_end(start)
        } else {
            len
        };
        let span = |end| Span {
            before: spans,
            wild,
            at: start..end,
        };
        if most == len && start < len {
            self.found(node.end, Some(&span(len)));
        }
        if !node.has_literals() {
            return;
        }
        let mut from = start + 1;
        if spans.is_some() {
            let tried = self.tried.entry(index).or_default();
            from = from.max(*tried + 1);
            *tried = most.max(*tried);
        }
        for end in from..=most.min(len.saturating_sub(1)) {
            if let Some(child) = self.trie.literal(node, self.target[end]) {
                self.literal(child, end, Some(&span(end)));
            }
        }
    }

    /// Where a `{name}` that begins at `start` has to end.
    fn segment_end(&mut self, start: usize) -> usize {
        if !self.segment.contains(&start) {
            let rest = self.target.get(start..).unwrap_or_default();
            let len = rest
                .iter()
                .position(|byte| is_separator(*byte))
                .unwrap_or(rest.len());
            self.segment = start..start + len;
        }
        self.segment.end
    }

    fn found(&mut self, pattern: u32, mut spans: Option<&Span<'_>>) {
        if pattern >= self.best {
            return;
        }
        self.best = pattern;
        self.spans.clear();
        while let Some(span) = spans {
            if span.wild != Wild::Any {
                self.spans.push(span.at.clone());
            }
            spans = span.before;
        }
        self.spans.reverse();
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn table(patterns: &[&str]) -> Router<usize> {
        let patterns = patterns.iter().map(|text| Some(Pattern::parse(text).unwrap()));
        Router::new(patterns.zip(0..))
    }

    fn texts<'a>(pattern: &str, target: &'a str) -> Option<Vec<&'a str>> {
        let (_, spans) = table(&[pattern]).find(target)?;
        Some(spans.into_iter().map(|span| &target[span]).collect())
    }

    #[test]
    fn wildcards() {
        assert_eq!(texts("news:*", "news:sport"), Some(vec![]));
        assert_eq!(texts("news:*", "news:"), None);
        assert_eq!(texts("chat:{room}", "chat:a"), Some(vec!["a"]));
        assert_eq!(texts("chat:{room}", "chat:a/b"), None);
        assert_eq!(texts("chat:{room*}", "chat:a/b"), Some(vec!["a/b"]));
        assert_eq!(texts("{a*}-{b*}", "1-2-3"), Some(vec!["1", "2-3"]));
        assert_eq!(texts("{a}:x:{b}", "1:x:2"), Some(vec!["1", "2"]));
        assert_eq!(texts(r"\*{{x}}", "*{x}"), Some(vec![]));
        assert_eq!(texts("ч{x}", "чё"), Some(vec!["ё"]));
    }

    #[test]
    fn a_longer_beginning_that_leads_nowhere_gives_way() {
        let table = table(&["chat:*", "chat:room:{id}:x", "chat:room:1:y", "*"]);
        let handler = |target| table.find(target).map(|(handler, _)| handler);
        assert_eq!(handler("chat:room:1:x"), Some(1));
        assert_eq!(handler("chat:room:1:y"), Some(2));
        assert_eq!(handler("chat:room:1:z"), Some(0));
        assert_eq!(handler("chat:"), Some(3));
        assert_eq!(handler(""), None);
    }

    #[test]
    fn a_table_of_nothing_and_of_one() {
        assert_eq!(Router::<usize>::new([]).find("a"), None);
        assert_eq!(
            Router::new([(None, 7)]).find("anything"),
            Some((7, Params::new()))
        );
    }

    #[test]
    fn hostile_targets_cost_no_more_than_the_product_of_lengths() {
        let many = "*x".repeat(40);
        let table = table(&[
            &many,
            "{a*}x{b}:{c}y",
            "*a{b}a{c}b",
            "*a{b}:{c*}a{d}:",
            "{a}:{b}:{c}#",
        ]);
        let start = Instant::now();
        for text in ["xy", "y", "a", "a:", "ax", "x:", "xa:a"] {
            assert_eq!(table.find(&(text.repeat(20_000) + "/")), None);
        }
        // Squares of these lengths would take far longer, on any machine.
        assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    }
}
