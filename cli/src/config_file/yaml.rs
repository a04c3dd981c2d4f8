//! Reads YAML.

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle, Span};
use serde_json::Value;

use super::FileError;
use super::limits::{MAX_DEPTH, MAX_VALUES, too_deep, too_many};
use super::node::{Content, Entry, Node};
use super::yaml_scalar;

/// Reads the only document of a text of YAML.
pub(super) fn read(text: &str) -> Result<Node, FileError> {
    let mut options = Options::default();
    options.flow_nesting_limit = MAX_DEPTH;
    options.block_nesting_limit = MAX_DEPTH;
    options.set_emit_comments(false);
    let parser = Parser::new_from_str_with_options(text, options);
    let mut reader = Reader::default();
    for event in parser {
        match event {
            Ok((event, span)) => reader.event(event, span)?,
            Err(error) => {
                let marker = error.marker();
                let problem = format!("not valid YAML: {}", error.info());
                return Err(FileError::new(problem).at((marker.line(), marker.col() + 1)));
            }
        }
    }
    Ok(reader.root.unwrap_or_else(empty))
}

/// Returns what an empty document holds.
fn empty() -> Node {
    Node::new(None, Content::Scalar(Value::Null))
}

/// A collection whose end is not read yet.
struct Open {
    anchor: usize,
    start: Range<usize>,
    is_flow: bool,
    content: OpenContent,
}

enum OpenContent {
    List(Vec<Node>),
    Table { entries: Vec<Entry>, key: Option<Node> },
}

#[derive(Default)]
struct Reader {
    root: Option<Node>,
    documents: usize,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchor>,
    count: usize,
}

/// A value that aliases stand for.
struct Anchor {
    node: Node,
    /// The number of values in it.
    count: usize,
    depth: usize,
}

impl Reader {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), FileError> {
        let fail = |problem: String| FileError::new(problem).at((span.start.line(), span.start.col() + 1));
        let range = range(span);
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    let problem =
                        "the file has a second document, which is never read; move it to a file of its own";
                    return Err(fail(problem.to_owned()));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_ref().and_then(|tag| tag.core_suffix().map(str::to_owned));
                let is_plain = style == ScalarStyle::Plain;
                let value = match tag.as_deref() {
                    Some("str" | "binary") => text.as_ref().into(),
                    Some("int" | "float" | "bool" | "null") => yaml_scalar::plain(&text),
                    _ if is_plain => yaml_scalar::plain(&text),
                    _ => text.as_ref().into(),
                };
                let is_merge = is_plain && text == "<<";
                let node = Node::new(Some(range), Content::Scalar(value));
                // Names of keys are texts, whatever they look like.
                let key = is_key(&self.open).then(|| text.into_owned());
                self.add(node, anchor, key, is_merge).map_err(fail)?;
            }
            Event::SequenceStart(style, anchor, _) => {
                let content = OpenContent::List(Vec::new());
                self.start(
                    content,
                    style == granit_parser::StructureStyle::Flow,
                    anchor,
                    range,
                )
                .map_err(fail)?;
            }
            Event::MappingStart(style, anchor, _) => {
                let content = OpenContent::Table {
                    entries: Vec::new(),
                    key: None,
                };
                self.start(
                    content,
                    style == granit_parser::StructureStyle::Flow,
                    anchor,
                    range,
                )
                .map_err(fail)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let end = if open.is_flow { range.end } else { range.start };
                    let content = match open.content {
                        OpenContent::List(items) => Content::List(items),
                        OpenContent::Table { entries, .. } => Content::Table(merged(entries).map_err(fail)?),
                    };
                    let span = open.start.start..end.max(open.start.end);
                    let mut node = Node::new(Some(span), content);
                    node.is_flow = open.is_flow;
                    self.add(node, open.anchor, None, false).map_err(fail)?;
                }
            }
            Event::Alias(id) => {
                let anchor = self
                    .anchors
                    .get(&id)
                    .ok_or_else(|| fail("an alias stands for itself".to_owned()))?;
                self.count += anchor.count;
                if self.count > MAX_VALUES {
                    return Err(fail(format!(
                        "{}, after aliases are replaced by what they stand for",
                        too_many()
                    )));
                }
                if self.open.len() + anchor.depth > MAX_DEPTH {
                    return Err(fail(too_deep()));
                }
                let mut node = anchor.node.clone();
                node.is_alias = true;
                node.span = Some(range);
                let key = match &node.content {
                    Content::Scalar(value) if is_key(&self.open) => {
                        Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                    }
                    _ => None,
                };
                self.add(node, 0, key, false).map_err(fail)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn start(
        &mut self,
        content: OpenContent,
        is_flow: bool,
        anchor: usize,
        start: Range<usize>,
    ) -> Result<(), String> {
        if is_key(&self.open) {
            return Err("a key of a mapping must be a text".to_owned());
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep());
        }
        self.open.push(Open {
            anchor,
            start,
            is_flow,
            content,
        });
        Ok(())
    }

    /// Adds a value to the collection that is open. `key` is the name if the value is a key.
    fn add(&mut self, node: Node, anchor: usize, key: Option<String>, is_merge: bool) -> Result<(), String> {
        self.count += 1;
        if self.count > MAX_VALUES {
            return Err(too_many());
        }
        if anchor != 0 {
            let (count, depth) = size(&node);
            self.anchors.insert(
                anchor,
                Anchor {
                    node: node.clone(),
                    count,
                    depth,
                },
            );
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(OpenContent::List(items)) => items.push(node),
            Some(OpenContent::Table {
                entries,
                key: open_key,
            }) => match open_key.take() {
                None => {
                    let name = key.ok_or("a key of a mapping must be a text")?;
                    if !is_merge && entries.iter().any(|entry| entry.key == name) {
                        return Err(format!(
                            "the key `{name}` is there twice in the same mapping; remove one"
                        ));
                    }
                    let content = Content::Scalar(if is_merge { Value::Null } else { name.into() });
                    *open_key = Some(Node::new(node.span, content));
                }
                Some(key) => {
                    // A null in place of the name marks a merge key until the mapping ends.
                    let name = match key.content {
                        Content::Scalar(Value::String(name)) => name,
                        _ => MERGE.to_owned(),
                    };
                    entries.push(Entry {
                        key: name,
                        span: key.span,
                        merged_from: None,
                        value: node,
                    });
                }
            },
        }
        Ok(())
    }
}

/// Stands for the name of a merge key. It cannot be in a file, because YAML has no such character.
const MERGE: &str = "\0<<";

fn is_key(open: &[Open]) -> bool {
    matches!(
        open.last(),
        Some(Open {
            content: OpenContent::Table { key: None, .. },
            ..
        })
    )
}

/// Replaces the merge keys of a mapping by the entries for which they stand.
fn merged(entries: Vec<Entry>) -> Result<Vec<Entry>, String> {
    if entries.iter().all(|entry| entry.key != MERGE) {
        return Ok(entries);
    }
    let (merges, mut entries): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.key == MERGE);
    for merge in merges {
        let place = match (&merge.span, &merge.value.span) {
            (Some(key), Some(value)) => Some(key.start..value.end),
            _ => None,
        };
        let sources = match merge.value.content {
            Content::Table(_) => vec![merge.value],
            Content::List(items) => items,
            Content::Scalar(_) => return Err("`<<` must be a mapping or a list of mappings".to_owned()),
        };
        for source in sources {
            let Content::Table(added) = source.content else {
                return Err("`<<` must be a mapping or a list of mappings".to_owned());
            };
            for mut entry in added {
                if entries.iter().all(|known| known.key != entry.key) {
                    entry.span = merge.span.clone();
                    entry.merged_from = place.clone();
                    entry.value.is_alias = true;
                    entries.push(entry);
                }
            }
        }
    }
    Ok(entries)
}

/// Returns the number of values in a value, and their depth.
fn size(node: &Node) -> (usize, usize) {
    let (mut count, mut depth) = (0, 0);
    let mut stack = vec![(node, 1)];
    while let Some((node, level)) = stack.pop() {
        count += 1;
        depth = depth.max(level);
        match &node.content {
            Content::Scalar(_) => {}
            Content::List(items) => stack.extend(items.iter().map(|item| (item, level + 1))),
            Content::Table(entries) => stack.extend(entries.iter().map(|entry| (&entry.value, level + 1))),
        }
    }
    (count, depth)
}

fn range(span: Span) -> Range<usize> {
    span.byte_range().unwrap_or_default()
}
