//! The values of a file, and where each is.

use std::ops::Range;

use serde_json::{Map, Value};

use super::limits::{MAX_DEPTH, MAX_VALUES, too_deep, too_many};
use super::position::Lines;
use super::{ConfigPath, DuplicateKey, PathStep};

/// A value of a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// The bytes of the value, if it has a place of its own.
    pub(crate) span: Option<Range<usize>>,
    /// Whether the value is a copy of another place in the file.
    pub(crate) is_alias: bool,
    /// Whether the value is a collection of YAML in braces.
    pub(crate) is_flow: bool,
    pub(crate) content: Content,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Scalar(Value),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key of a table, and its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// The bytes of the key.
    pub(crate) span: Option<Range<usize>>,
    /// The bytes of the merge key of YAML that has brought the entry.
    pub(crate) merged_from: Option<Range<usize>>,
    pub(crate) value: Node,
}

impl Node {
    pub(crate) fn new(span: Option<Range<usize>>, content: Content) -> Self {
        Self {
            span,
            is_alias: false,
            is_flow: false,
            content,
        }
    }

    /// Returns the value as JSON. The last one of duplicate keys remains.
    pub(crate) fn to_value(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(items) => items.iter().map(Self::to_value).collect(),
            Content::Table(entries) => {
                let pairs = entries
                    .iter()
                    .map(|entry| (entry.key.clone(), entry.value.to_value()));
                Value::Object(pairs.collect::<Map<_, _>>())
            }
        }
    }

    /// Returns the entry of a key. Prefers the same case, and the last one of duplicate keys.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        let Content::Table(entries) = &self.content else {
            return None;
        };
        let mut entries_from_last = entries.iter().rev();
        entries_from_last
            .clone()
            .find(|entry| entry.key == key)
            .or_else(|| entries_from_last.find(|entry| entry.key.eq_ignore_ascii_case(key)))
    }

    /// Returns a value, and where it is said: the key, or the element of the list.
    pub(crate) fn find(&self, steps: &[PathStep]) -> Option<(&Self, Option<Range<usize>>)> {
        let mut found = (self, self.first_span());
        for step in steps {
            found = match step {
                PathStep::Key(key) => {
                    let entry = found.0.entry(key)?;
                    (
                        &entry.value,
                        entry.span.clone().or_else(|| entry.value.first_span()),
                    )
                }
                PathStep::Index(index) => {
                    let Content::List(items) = &found.0.content else {
                        return None;
                    };
                    let item = items.get(*index)?;
                    (item, item.first_span())
                }
            };
        }
        Some(found)
    }

    /// Returns the place of the value, or of the first value in it that has a place.
    fn first_span(&self) -> Option<Range<usize>> {
        self.span.clone().or_else(|| match &self.content {
            Content::Scalar(_) => None,
            Content::List(items) => items.iter().find_map(Self::first_span),
            Content::Table(entries) => entries
                .iter()
                .find_map(|entry| entry.span.clone().or_else(|| entry.value.first_span())),
        })
    }

    /// Returns an error if there are too many values, or if they are nested too deeply.
    pub(crate) fn check_limits(&self) -> Result<(), String> {
        let mut stack = vec![(self, 1)];
        let mut count = 0_usize;
        while let Some((node, depth)) = stack.pop() {
            count += 1;
            if depth > MAX_DEPTH {
                return Err(too_deep());
            }
            if count > MAX_VALUES {
                return Err(too_many());
            }
            match &node.content {
                Content::Scalar(_) => {}
                Content::List(items) => stack.extend(items.iter().map(|item| (item, depth + 1))),
                Content::Table(entries) => {
                    stack.extend(entries.iter().map(|entry| (&entry.value, depth + 1)))
                }
            }
        }
        Ok(())
    }

    /// Returns the keys that a table has more than once, in the order of the file.
    pub(crate) fn duplicates(&self, lines: &Lines) -> Vec<DuplicateKey> {
        let mut found = Vec::new();
        self.add_duplicates(&ConfigPath::root(), lines, &mut found);
        found
    }

    fn add_duplicates(&self, path: &ConfigPath, lines: &Lines, found: &mut Vec<DuplicateKey>) {
        match &self.content {
            Content::Scalar(_) => {}
            Content::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    item.add_duplicates(&path.index(index), lines, found);
                }
            }
            Content::Table(entries) => {
                let mut first = std::collections::HashMap::new();
                for entry in entries {
                    let path = path.key(&entry.key);
                    let line = entry.span.as_ref().map(|span| lines.line(span.start));
                    if let Some(first_line) = first.insert(entry.key.to_ascii_lowercase(), line) {
                        found.push(DuplicateKey {
                            path: path.clone(),
                            first_line,
                            line,
                        });
                    }
                    entry.value.add_duplicates(&path, lines, found);
                }
            }
        }
    }
}
