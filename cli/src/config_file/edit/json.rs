//! Changes JSON.

use serde_json::{Map, Value};

use super::splice::Splices;
use crate::config_file::node::{Content, Entry, Node};
use crate::config_file::write::{json_block, json_line, sorted};
use crate::config_file::{ConfigFile, FileError};

pub(super) fn edited(file: &ConfigFile, new: &Value) -> Result<String, FileError> {
    let mut editor = Editor {
        text: &file.text,
        splices: Splices::default(),
        unit: unit(&file.text),
    };
    editor.value(&file.root, new);
    editor
        .splices
        .apply(&file.text)
        .ok_or_else(|| FileError::new("the file cannot be changed"))
}

/// Returns the white space of one level.
fn unit(text: &str) -> String {
    let indent = |line: &str| line[..line.len() - line.trim_start().len()].to_owned();
    let indents = text.lines().filter(|line| !line.trim().is_empty()).map(indent);
    indents
        .into_iter()
        .find(|indent| !indent.is_empty())
        .unwrap_or_else(|| "  ".to_owned())
}

struct Editor<'a> {
    text: &'a str,
    splices: Splices,
    unit: String,
}

impl Editor<'_> {
    fn value(&mut self, node: &Node, new: &Value) {
        match (&node.content, new) {
            (Content::Table(entries), Value::Object(new)) => self.table(node, entries, new),
            (Content::List(items), Value::Array(new)) if new.len() >= items.len() => {
                self.list(node, items, new)
            }
            _ if node.to_value() == *new => {}
            _ => {
                if let Some(span) = node.span.clone() {
                    let text = self.written(new, self.line_indent(span.start), self.is_multiline(node));
                    self.splices.replace(span, text);
                }
            }
        }
    }

    fn table(&mut self, node: &Node, entries: &[Entry], new: &Map<String, Value>) {
        let mut added = Vec::new();
        for (key, value) in sorted(new) {
            match entries.iter().find(|entry| entry.key == *key) {
                Some(entry) => self.value(&entry.value, value),
                None => added.push((Some(key.as_str()), value)),
            }
        }
        let last = entries.last().map(|entry| (entry.span.clone(), &entry.value));
        let last = last.and_then(|(key, value)| Some((key?.start, value.span.clone()?.end)));
        self.add(node, last, &added);
    }

    fn list(&mut self, node: &Node, items: &[Node], new: &[Value]) {
        for (item, new) in items.iter().zip(new) {
            self.value(item, new);
        }
        let added: Vec<_> = new.iter().skip(items.len()).map(|value| (None, value)).collect();
        let last = items.last().and_then(|item| item.span.clone());
        self.add(node, last.map(|span| (span.start, span.end)), &added);
    }

    /// Adds entries or elements after the last one, whose start and end are `last`.
    fn add(&mut self, node: &Node, last: Option<(usize, usize)>, added: &[(Option<&str>, &Value)]) {
        let (Some(span), false) = (node.span.clone(), added.is_empty()) else {
            return;
        };
        let is_multiline = self.is_multiline(node);
        let indent = match last {
            Some((start, _)) => self.line_indent(start).to_owned(),
            None => format!("{}{}", self.line_indent(span.start), self.unit),
        };
        let separator = if is_multiline {
            format!("{}{indent}", self.line_break())
        } else {
            " ".to_owned()
        };
        let parts: Vec<_> = added
            .iter()
            .map(|(key, value)| {
                let key = key.map_or_else(String::new, |key| format!("{}: ", Value::from(key)));
                format!("{separator}{key}{}", self.written(value, &indent, is_multiline))
            })
            .collect();
        let parts = parts.join(",");
        match last {
            Some((_, end)) => self.splices.insert(end, format!(",{parts}")),
            None => {
                let outer = self.line_indent(span.start);
                let end = if is_multiline {
                    format!("{}{outer}", self.line_break())
                } else {
                    " ".to_owned()
                };
                self.splices
                    .replace(span.start + 1..span.end - 1, format!("{parts}{end}"));
            }
        }
    }

    fn written(&self, value: &Value, indent: &str, is_multiline: bool) -> String {
        if is_multiline {
            json_block(value, indent, &self.unit, self.line_break())
        } else {
            json_line(value)
        }
    }

    /// Whether new values are written over several lines: those in collections that are, or in a file that is.
    fn is_multiline(&self, node: &Node) -> bool {
        let text = node
            .span
            .clone()
            .and_then(|span| self.text.get(span))
            .unwrap_or_default();
        let is_empty = match &node.content {
            Content::Table(entries) => entries.is_empty(),
            Content::List(items) => items.is_empty(),
            Content::Scalar(_) => true,
        };
        if is_empty {
            self.text.trim().contains('\n') || self.text.trim() == "{}"
        } else {
            text.contains('\n')
        }
    }

    fn line_break(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// Returns the white space at the start of a line.
    fn line_indent(&self, at: usize) -> &str {
        let before = &self.text[..at];
        let line = &self.text[before.rfind('\n').map_or(0, |at| at + 1)..];
        &line[..line.len() - line.trim_start().len()]
    }
}
