//! Finds places in a text of YAML.

use std::ops::Range;

use crate::config_file::node::{Content, Entry, Node};

/// A text of YAML.
#[derive(Clone, Copy)]
pub(super) struct YamlText<'a>(pub(super) &'a str);

impl YamlText<'_> {
    /// Returns the empty range after the colon of a key that ends before `from`.
    pub(super) fn after_colon(&self, from: usize) -> Range<usize> {
        let start = self.line_start(from);
        let line = &self.0[start..self.line_end(from)];
        let before = line.get(..from - start).unwrap_or_default();
        let colon = if before.ends_with(':') {
            from
        } else {
            line[before.len()..].find(':').map_or(from, |at| from + at + 1)
        };
        colon..colon
    }

    /// Returns the white space before a key, or before the `-` of an element. Markers of elements before a key are replaced by
    /// white space.
    pub(super) fn indent(&self, at: usize, is_element: bool) -> Option<String> {
        let mut end = at;
        if is_element {
            // The marker can be on a line of its own.
            let marked = self.0[..at].trim_end();
            end = if marked.ends_with('-') {
                marked.len() - 1
            } else {
                let start = self.line_start(at);
                start + self.0[start..at].rfind('-')?
            };
        }
        let before = &self.0[self.line_start(end)..end];
        // Anchors and quotes do not change where a key starts.
        let is_foreseen = before.chars().all(|char| matches!(char, ' ' | '-'));
        is_foreseen.then(|| " ".repeat(before.len()))
    }

    /// Returns the end of the last character of a value.
    pub(super) fn end_of(&self, node: &Node) -> Option<usize> {
        let span = node.span.clone();
        if node.is_alias || node.is_flow {
            return Some(span?.end);
        }
        match &node.content {
            Content::Scalar(_) => {
                let span = span?;
                let text = self.0.get(span.clone())?;
                Some(span.start + text.trim_end().len())
            }
            Content::List(items) => items.iter().filter_map(|item| self.end_of(item)).max(),
            Content::Table(entries) => entries.iter().filter_map(|entry| self.end_of_entry(entry)).max(),
        }
    }

    pub(super) fn end_of_entry(&self, entry: &Entry) -> Option<usize> {
        if let Some(merged_from) = &entry.merged_from {
            return Some(merged_from.end);
        }
        let key = entry.span.clone().map(|span| span.end);
        // The place of a value that is missing can be on a later line.
        let has_place = entry.value.span.clone().is_none_or(|span| !span.is_empty());
        let value = if has_place {
            self.end_of(&entry.value)
        } else {
            None
        };
        key.max(value)
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.0[..at].rfind('\n').map_or(0, |at| at + 1)
    }

    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = &self.0[at..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    pub(super) fn line_break(&self) -> &'static str {
        if self.0.contains("\r\n") { "\r\n" } else { "\n" }
    }
}
