//! Changes YAML.

use std::ops::Range;

use serde_json::{Map, Value};

use super::splice::Splices;
use crate::config_file::node::{Content, Entry, Node};
use crate::config_file::write::{sorted, yaml_block, yaml_flow, yaml_key};
use crate::config_file::{ConfigFile, ConfigPath, FileError};

pub(super) fn edited(file: &ConfigFile, new: &Value) -> Result<String, FileError> {
    let mut editor = Editor {
        file,
        text: &file.text,
        splices: Splices::default(),
    };
    editor.value(&ConfigPath::root(), &file.root, new)?;
    editor
        .splices
        .apply(&file.text)
        .ok_or_else(|| FileError::new("the file cannot be changed"))
}

struct Editor<'a> {
    file: &'a ConfigFile,
    text: &'a str,
    splices: Splices,
}

/// An entry or an element that is added. Elements have no key.
type Added<'a> = (Option<&'a str>, &'a Value);

impl Editor<'_> {
    fn value(&mut self, path: &ConfigPath, node: &Node, new: &Value) -> Result<(), FileError> {
        if node.to_value() == *new {
            return Ok(());
        }
        if node.is_alias {
            return Err(self.error(
                path,
                "is an alias of another place in the file; write the value out there first",
            ));
        }
        match (&node.content, new) {
            (Content::Table(entries), Value::Object(new)) => self.table(path, node, entries, new),
            (Content::List(items), Value::Array(new)) if new.len() >= items.len() => {
                self.list(path, node, items, new)
            }
            _ => {
                let span = node
                    .span
                    .clone()
                    .ok_or_else(|| self.error(path, "has no place in the file"))?;
                let is_missing = span.is_empty();
                let space = if is_missing { " " } else { "" };
                // The value may be missing: `key:`.
                let span = if is_missing {
                    self.after_colon(span.start)
                } else {
                    span
                };
                self.splices.replace(span, format!("{space}{}", yaml_flow(new)));
                Ok(())
            }
        }
    }

    fn table(
        &mut self,
        path: &ConfigPath,
        node: &Node,
        entries: &[Entry],
        new: &Map<String, Value>,
    ) -> Result<(), FileError> {
        let mut added: Vec<Added<'_>> = Vec::new();
        for (key, value) in sorted(new) {
            match entries.iter().find(|entry| entry.key == *key) {
                // A value that a merge key has brought is overridden by an entry of its own.
                Some(entry) if entry.merged_from.is_some() => {
                    if entry.value.to_value() != *value {
                        added.push((Some(key), value));
                    }
                }
                Some(entry) if is_empty_block(&entry.value, self.text) && is_filled(value) => {
                    self.fill(path, node, entry, value)?;
                }
                Some(entry) => self.value(&path.key(key), &entry.value, value)?,
                None => added.push((Some(key), value)),
            }
        }
        let places = entries.iter().filter_map(|entry| entry.span.clone());
        let first = places.clone().min_by_key(|place| place.start);
        let last = places.max_by_key(|place| place.start);
        let end = entries.iter().filter_map(|entry| self.end_of_entry(entry)).max();
        self.add(path, node, first.zip(last), end, &added)
    }

    fn list(
        &mut self,
        path: &ConfigPath,
        node: &Node,
        items: &[Node],
        new: &[Value],
    ) -> Result<(), FileError> {
        for (index, (item, new)) in items.iter().zip(new).enumerate() {
            self.value(&path.index(index), item, new)?;
        }
        let added: Vec<Added<'_>> = new.iter().skip(items.len()).map(|value| (None, value)).collect();
        let first = items.first().and_then(|item| item.span.clone());
        let last = items.last().and_then(|item| item.span.clone());
        let end = items.iter().filter_map(|item| self.end_of(item)).max();
        self.add(path, node, first.zip(last), end, &added)
    }

    /// Adds entries or elements after the last one. `places` are the first and the last one, and `end` is the end of all.
    fn add(
        &mut self,
        path: &ConfigPath,
        node: &Node,
        places: Option<(Range<usize>, Range<usize>)>,
        end: Option<usize>,
        added: &[Added<'_>],
    ) -> Result<(), FileError> {
        if added.is_empty() {
            return Ok(());
        }
        let span = node.span.clone().unwrap_or(self.text.len()..self.text.len());
        if node.is_flow {
            let flow: Vec<_> = added.iter().map(|added| flow(*added)).collect();
            match (places, end) {
                (Some((_, last)), Some(end)) => {
                    let line = &self.text[self.line_start(last.start)..last.start];
                    // Each entry has its own line, or all are on one.
                    let separator = if line.trim().is_empty() {
                        format!("{}{line}", self.line_break())
                    } else {
                        " ".to_owned()
                    };
                    let text: String = flow.iter().map(|part| format!(",{separator}{part}")).collect();
                    self.splices.insert(end, text);
                }
                _ => self
                    .splices
                    .replace(span.start + 1..span.end - 1, format!(" {} ", flow.join(", "))),
            }
            return Ok(());
        }
        let line_break = self.line_break();
        let (Some((first, _)), Some(end)) = (places, end) else {
            // Only an empty document has no entries and no braces.
            let start = if self.text.is_empty() || self.text.ends_with('\n') {
                ""
            } else {
                line_break
            };
            let lines: Vec<_> = added.iter().map(|added| block(*added, "", line_break)).collect();
            self.splices.insert(
                self.text.len(),
                format!("{start}{}{line_break}", lines.join(line_break)),
            );
            return Ok(());
        };
        let is_list = matches!(node.content, Content::List(_));
        let indent = self
            .indent(first.start, is_list)
            .ok_or_else(|| self.error(path, "has a form that cannot be changed"))?;
        let lines = added
            .iter()
            .map(|added| format!("{line_break}{indent}{}", block(*added, &indent, line_break)));
        let is_whole = *path == ConfigPath::root() && !self.text.contains("\n...");
        // Comments at the end of the file belong to the entries before them.
        let end = if is_whole {
            self.text.trim_end().len()
        } else {
            self.line_end(end)
        };
        self.splices.insert(end, lines.collect());
        Ok(())
    }

    /// Writes the entries of a value that has been empty, such as `key:` or `key: {}`, over several lines.
    fn fill(&mut self, path: &ConfigPath, table: &Node, entry: &Entry, new: &Value) -> Result<(), FileError> {
        let (Some(key), Some(old)) = (entry.span.clone(), entry.value.span.clone()) else {
            return Err(self.error(path, "has no place in the file"));
        };
        if table.is_flow {
            let place = if old.is_empty() {
                self.after_colon(key.end)
            } else {
                old.clone()
            };
            let space = if old.is_empty() { " " } else { "" };
            self.splices.replace(place, format!("{space}{}", yaml_flow(new)));
            return Ok(());
        }
        let indent = self
            .indent(key.start, false)
            .ok_or_else(|| self.error(path, "has a form that cannot be changed"))?;
        let inner = format!("{indent}  ");
        let line_break = self.line_break();
        let text = format!("{line_break}{inner}{}", yaml_block(new, &inner, line_break));
        if !old.is_empty() {
            // The space before `{}` goes, too.
            let colon = self.after_colon(key.end).end;
            self.splices.replace(colon..old.end, String::new());
        }
        let end = if old.is_empty() { key.end } else { old.end };
        self.splices.insert(self.line_end(end), text);
        Ok(())
    }

    /// Returns the empty range after the colon of a key that ends before `from`.
    fn after_colon(&self, from: usize) -> Range<usize> {
        let start = self.line_start(from);
        let line = &self.text[start..self.line_end(from)];
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
    fn indent(&self, at: usize, is_element: bool) -> Option<String> {
        let mut end = at;
        if is_element {
            // The marker can be on a line of its own.
            let marked = self.text[..at].trim_end();
            end = if marked.ends_with('-') {
                marked.len() - 1
            } else {
                let start = self.line_start(at);
                start + self.text[start..at].rfind('-')?
            };
        }
        let before = &self.text[self.line_start(end)..end];
        // Anchors and quotes do not change where a key starts.
        let is_foreseen = before.chars().all(|char| matches!(char, ' ' | '-'));
        is_foreseen.then(|| " ".repeat(before.len()))
    }

    /// Returns the end of the last character of a value.
    fn end_of(&self, node: &Node) -> Option<usize> {
        let span = node.span.clone();
        if node.is_alias || node.is_flow {
            return Some(span?.end);
        }
        match &node.content {
            Content::Scalar(_) => {
                let span = span?;
                let text = self.text.get(span.clone())?;
                Some(span.start + text.trim_end().len())
            }
            Content::List(items) => items.iter().filter_map(|item| self.end_of(item)).max(),
            Content::Table(entries) => entries.iter().filter_map(|entry| self.end_of_entry(entry)).max(),
        }
    }

    fn end_of_entry(&self, entry: &Entry) -> Option<usize> {
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

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    fn line_break(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    fn error(&self, path: &ConfigPath, problem: &str) -> FileError {
        let error = FileError::new(format!("`{path}` {problem}"));
        match self.file.nearest_line_of(path) {
            Some(line) => error.at((line, 1)),
            None => error,
        }
    }
}

/// Whether a value is missing or an empty collection.
fn is_empty_block(node: &Node, text: &str) -> bool {
    match &node.content {
        Content::Scalar(value) => {
            let is_missing = node
                .span
                .clone()
                .and_then(|span| text.get(span))
                .is_some_and(str::is_empty);
            value.is_null() && is_missing && !node.is_alias
        }
        Content::List(items) => items.is_empty() && !node.is_alias,
        Content::Table(entries) => entries.is_empty() && !node.is_alias,
    }
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Object(object) => !object.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

fn flow((key, value): Added<'_>) -> String {
    let key = key.map_or_else(String::new, |key| format!("{}: ", yaml_key(key)));
    format!("{key}{}", yaml_flow(value))
}

fn block((key, value): Added<'_>, indent: &str, line_break: &str) -> String {
    match key {
        Some(key) => {
            let object = Map::from_iter([(key.to_owned(), value.clone())]);
            yaml_block(&object.into(), indent, line_break)
        }
        None => yaml_block(&vec![value.clone()].into(), indent, line_break),
    }
}
