//! Replaces parts of a text.

use std::ops::Range;

/// Parts of a text that are replaced, in any order. They do not overlap.
#[derive(Debug, Default)]
pub(super) struct Splices(Vec<(Range<usize>, String)>);

impl Splices {
    /// Replaces a part.
    pub(super) fn replace(&mut self, range: Range<usize>, text: String) {
        self.0.push((range, text));
    }

    /// Inserts a text. Several texts at the same place keep their order.
    pub(super) fn insert(&mut self, at: usize, text: String) {
        self.replace(at..at, text);
    }

    /// Returns the whole text with all replacements, or `None` if they overlap.
    pub(super) fn apply(mut self, text: &str) -> Option<String> {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut result = String::with_capacity(text.len());
        let mut at = 0;
        for (range, replacement) in self.0 {
            result.push_str(text.get(at..range.start)?);
            result.push_str(&replacement);
            at = range.end;
        }
        result.push_str(text.get(at..)?);
        Some(result)
    }
}
