//! Reads JSON.

use std::ops::Range;

use serde_json::Value;

use super::FileError;
use super::limits::{MAX_DEPTH, too_deep};
use super::node::{Content, Entry, Node};
use super::position::Lines;

/// Reads a text of JSON. serde_json decides what is valid.
pub(super) fn read(text: &str) -> Result<Node, FileError> {
    if let Err(error) = serde_json::from_str::<Value>(text) {
        let message = error.to_string();
        let problem = message.split(" at line ").next().unwrap_or(&message);
        return Err(FileError::new(format!("not valid JSON: {problem}")).at(position(text, &error)));
    }
    let mut scanner = Scanner { text, at: 0 };
    scanner.value(1).map_err(|problem| {
        FileError::new(problem).at(Lines::new(text).position(text, scanner.at.min(text.len())))
    })
}

/// Returns the place of an error. serde_json counts a line break as column 0 of the next line.
fn position(text: &str, error: &serde_json::Error) -> (usize, usize) {
    if error.column() > 0 || error.line() < 2 {
        return (error.line(), error.column().max(1));
    }
    let line = error.line() - 1;
    let text = text.lines().nth(line - 1).unwrap_or_default();
    (line, text.chars().count() + 1)
}

/// Reads JSON that is known to be valid.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl Scanner<'_> {
    /// Returns the next character that is not white space, without reading it.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn value(&mut self, depth: usize) -> Result<Node, String> {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        let first = self.peek();
        let start = self.at;
        let content = match first {
            Some(b'{') => self.table(depth)?,
            Some(b'[') => self.list(depth)?,
            _ => Content::Scalar(self.scalar()?.0),
        };
        Ok(Node::new(Some(start..self.at), content))
    }

    fn table(&mut self, depth: usize) -> Result<Content, String> {
        let mut entries = Vec::new();
        self.at += 1;
        while self.peek() != Some(b'}') {
            let (key, span) = self.scalar()?;
            self.skip(b':');
            let value = self.value(depth + 1)?;
            let key = key.as_str().unwrap_or_default().to_owned();
            entries.push(Entry {
                key,
                span: Some(span),
                merged_from: None,
                value,
            });
            self.skip(b',');
        }
        self.at += 1;
        Ok(Content::Table(entries))
    }

    fn list(&mut self, depth: usize) -> Result<Content, String> {
        let mut items = Vec::new();
        self.at += 1;
        while self.peek() != Some(b']') {
            items.push(self.value(depth + 1)?);
            self.skip(b',');
        }
        self.at += 1;
        Ok(Content::List(items))
    }

    fn skip(&mut self, sign: u8) {
        if self.peek() == Some(sign) {
            self.at += 1;
        }
    }

    /// Reads a string, a number, `true`, `false` or `null`.
    fn scalar(&mut self) -> Result<(Value, Range<usize>), String> {
        let is_text = self.peek() == Some(b'"');
        let start = self.at;
        let bytes = &self.text.as_bytes()[start..];
        let len = if is_text { text_len(bytes) } else { word_len(bytes) };
        self.at += len;
        let span = start..self.at;
        let part = self.text.get(span.clone()).unwrap_or_default();
        let value = serde_json::from_str(part).map_err(|error| format!("not valid JSON: {error}"))?;
        Ok((value, span))
    }
}

fn text_len(bytes: &[u8]) -> usize {
    let mut is_escaped = false;
    for (index, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    bytes.len()
}

fn word_len(bytes: &[u8]) -> usize {
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}' | b':');
    bytes.iter().position(is_end).unwrap_or(bytes.len())
}
