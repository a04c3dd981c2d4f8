//! Patterns of channels and methods.

use std::cmp::Reverse;
use std::ops::Range;

/// A pattern, read. The attribute has checked its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Wild(Wild),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wild {
    /// `{name}`: not `: / . #`.
    Segment,
    /// `{name*}`.
    Rest,
    /// `*`: not bound.
    Any,
}

/// Which of two patterns wins where both match: the smaller one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank(bool, Reverse<usize>, usize, Vec<u8>);

impl Pattern {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let wild = match c {
                '\\' if chars.as_str().starts_with('*') => {
                    chars.next();
                    literal.push('*');
                    continue;
                }
                '{' | '}' if chars.as_str().starts_with(c) => {
                    chars.next();
                    literal.push(c);
                    continue;
                }
                '*' => Wild::Any,
                '{' => {
                    let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
                    if name.ends_with('*') {
                        Wild::Rest
                    } else {
                        Wild::Segment
                    }
                }
                '}' => return Err(format!("pattern `{text}` has a `}}` without a `{{`")),
                c => {
                    literal.push(c);
                    continue;
                }
            };
            if literal.is_empty() && matches!(parts.last(), Some(Part::Wild(_))) {
                return Err(format!("pattern `{text}` has two wildcards side by side"));
            }
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(Part::Wild(wild));
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Ok(Self { parts })
    }

    /// The text, when there is no wildcard.
    pub(crate) fn exact(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The literal text in front of the first wildcard.
    pub(crate) fn prefix(&self) -> &str {
        match self.parts.first() {
            Some(Part::Literal(text)) => text,
            _ => "",
        }
    }

    pub(crate) fn rank(&self) -> Rank {
        let literal = self
            .parts
            .iter()
            .map(|part| {
                if let Part::Literal(text) = part {
                    text.chars().count()
                } else {
                    0
                }
            })
            .sum();
        let wilds: Vec<u8> = self
            .parts
            .iter()
            .filter_map(|part| {
                if let Part::Wild(wild) = part {
                    Some(*wild as u8)
                } else {
                    None
                }
            })
            .collect();
        Rank(self.exact().is_none(), Reverse(literal), wilds.len(), wilds)
    }

    /// Where the named wildcards stand in `target`; the shortest split first.
    pub(crate) fn matches(&self, target: &str) -> Option<Vec<Range<usize>>> {
        if let [Part::Literal(prefix), Part::Wild(wild)] = self.parts.as_slice() {
            let tail = target.strip_prefix(prefix.as_str())?;
            let fits = !tail.is_empty() && (*wild != Wild::Segment || !tail.contains([':', '/', '.', '#']));
            return match (fits, *wild) {
                (false, _) => None,
                (true, Wild::Any) => Some(Vec::new()),
                (true, _) => Some(std::iter::once(prefix.len()..target.len()).collect()),
            };
        }
        // The table of parts and positions that led nowhere keeps the cost at their product.
        let mut dead = vec![false; (self.parts.len() + 1) * (target.len() + 1)];
        let mut spans = Vec::with_capacity(self.parts.len());
        self.step(target, 0, 0, &mut spans, &mut dead).then_some(spans)
    }

    fn step(
        &self,
        target: &str,
        part: usize,
        at: usize,
        spans: &mut Vec<Range<usize>>,
        dead: &mut [bool],
    ) -> bool {
        let Some(current) = self.parts.get(part) else {
            return at == target.len();
        };
        let cell = part * (target.len() + 1) + at;
        if dead[cell] {
            return false;
        }
        let found = match current {
            Part::Literal(text) => {
                target[at..].starts_with(text.as_str())
                    && self.step(target, part + 1, at + text.len(), spans, dead)
            }
            Part::Wild(wild) => {
                let named = *wild != Wild::Any;
                let mut found = false;
                for (offset, c) in target[at..].char_indices() {
                    if *wild == Wild::Segment && matches!(c, ':' | '/' | '.' | '#') {
                        break;
                    }
                    let end = at + offset + c.len_utf8();
                    if named {
                        spans.push(at..end);
                    }
                    if self.step(target, part + 1, end, spans, dead) {
                        found = true;
                        break;
                    }
                    if named {
                        spans.pop();
                    }
                }
                found
            }
        };
        dead[cell] = !found;
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'a>(pattern: &str, target: &'a str) -> Option<Vec<&'a str>> {
        Some(
            Pattern::parse(pattern)
                .unwrap()
                .matches(target)?
                .into_iter()
                .map(|range| &target[range])
                .collect(),
        )
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
    fn a_hostile_target_costs_no_more_than_the_product() {
        let pattern = Pattern::parse(&"{a*}x".replace("{a*}x", "*x").repeat(40)).unwrap();
        assert!(pattern.matches(&"xy".repeat(2000)).is_none());
        assert_eq!(pattern.matches(&"y".repeat(20_000)), None);
    }

    #[test]
    fn the_more_specific_wins() {
        let order = [
            "chat:main",
            "chat:m{x}",
            "chat:{x}",
            "chat:{x*}",
            "chat:*",
            "{x}",
            "*",
        ];
        for pair in order.windows(2) {
            let [a, b] = [pair[0], pair[1]].map(|text| Pattern::parse(text).unwrap().rank());
            assert!(a < b, "{pair:?}");
        }
    }
}
