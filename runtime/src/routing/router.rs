//! The router: finds the pattern that wins for a channel or method, and the positions of its wildcards.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use foldhash::fast::FixedState;
use smallvec::{SmallVec, smallvec};

use super::pattern::{Pattern, Wildcard, is_separator};
use super::prefix_index::{AfterPrefix, PrefixIndex};
use super::trie::{NONE, Trie};

/// The positions of the named wildcards in a target. Up to two need no allocation.
pub(crate) type Params = SmallVec<[Range<usize>; 2]>;

/// Finds the handler `H` of a channel or method.
pub(crate) struct Router<H> {
    /// The handler of a kind without patterns.
    only: Option<H>,
    /// The handlers of patterns without wildcards. Targets come from clients, but the keys are the program's own patterns, so
    /// that nobody can choose keys that collide.
    exact: HashMap<Box<[u8]>, H, FixedState>,
    /// The patterns with wildcards. Their numbers are indices of `handlers`.
    trie: Trie,
    prefixes: PrefixIndex<H>,
    /// Sorted by precedence: a lower index wins.
    handlers: Vec<H>,
}

impl<H: Copy> Router<H> {
    /// Creates a router. If several handlers have the same pattern, the first counts.
    pub(crate) fn new(handlers: impl IntoIterator<Item = (Option<Pattern>, H)>) -> Self {
        let mut only = None;
        let mut exact = HashMap::default();
        let mut ranked = Vec::new();
        for (pattern, handler) in handlers {
            match pattern {
                None => only = Some(handler),
                Some(pattern) if pattern.is_exact() => {
                    exact.entry(pattern.as_bytes().into()).or_insert(handler);
                }
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

    /// Returns the handler for a target, and the positions of the named wildcards.
    pub(crate) fn find(&self, target: &str) -> Option<(H, Params)> {
        if let Some(handler) = self.only {
            return Some((handler, Params::new()));
        }
        let target = target.as_bytes();
        // A pattern without wildcards has precedence over all others.
        if let Some(handler) = self.exact.get(target) {
            return Some((*handler, Params::new()));
        }
        let (after, rest) = self.prefixes.find(target)?;
        if let AfterPrefix::Handler(wild, handler) = after
            && wild.fits(rest)
        {
            let span = target.len() - rest.len()..target.len();
            return Some((
                *handler,
                if *wild == Wildcard::Any {
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
        match after {
            AfterPrefix::Node(node) => search.wilds(*node, 0, None),
            // The wildcard does not match the rest. A pattern with a shorter prefix may match.
            AfterPrefix::Handler(..) => search.literal(0, 0, None),
        }
        let handler = self.handlers.get(search.best as usize)?;
        Some((*handler, search.spans))
    }
}

/// A search in the trie for the pattern with the highest precedence.
struct Search<'a> {
    trie: &'a Trie,
    target: &'a [u8],
    /// The best pattern so far.
    best: u32,
    spans: Params,
    /// Up to where each wildcard that follows another one was extended already. Nothing is tried twice, so that a hostile
    /// target costs no more than the product of the lengths of target and patterns.
    tried: BTreeMap<u32, usize>,
    /// A part of the target without separators, up to a separator or the end.
    segment: Range<usize>,
}

/// What a wildcard matched.
struct Span<'a> {
    before: Option<&'a Self>,
    wild: Wildcard,
    at: Range<usize>,
}

impl Search<'_> {
    /// Follows literal text from `start` on, beginning with the label of `index`, then tries the wildcards on this path, the
    /// last one first.
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

    /// Extends a wildcard that begins at `start`, the shortest match first.
    fn wild(&mut self, index: u32, start: usize, spans: Option<&Span<'_>>) {
        let node = self.trie.node(index);
        let Some(wild) = self.trie.wild(index) else { return };
        if node.best >= self.best {
            return;
        }
        let len = self.target.len();
        let most = if wild == Wildcard::Segment {
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

    /// Returns where a `{name}` that begins at `start` has to end.
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
            if span.wild != Wildcard::Any {
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
    fn matches_wildcards() {
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
    fn falls_back_to_a_shorter_prefix() {
        let table = table(&["chat:*", "chat:room:{id}:x", "chat:room:1:y", "*"]);
        let handler = |target| table.find(target).map(|(handler, _)| handler);
        assert_eq!(handler("chat:room:1:x"), Some(1));
        assert_eq!(handler("chat:room:1:y"), Some(2));
        assert_eq!(handler("chat:room:1:z"), Some(0));
        assert_eq!(handler("chat:"), Some(3));
        assert_eq!(handler(""), None);
    }

    #[test]
    fn routes_without_patterns() {
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
        // The square of these lengths would take far longer on any machine.
        assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    }
}
