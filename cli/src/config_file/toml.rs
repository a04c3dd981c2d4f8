//! Reads TOML.

use serde_json::{Number, Value};
use toml_edit::{Document, InlineTable, Item, Key, Table};

use super::FileError;
use super::node::{Content, Entry, Node};
use super::position::Lines;

/// Reads a text of TOML. toml_edit limits the nesting.
pub(super) fn read(text: &str) -> Result<Node, FileError> {
    match Document::parse(text) {
        Ok(document) => Ok(table(document.as_table())),
        Err(error) => {
            let problem = error.message().trim().replace('\n', ", ");
            let error = error
                .span()
                .map(|span| Lines::new(text).position(text, span.start));
            let problem = FileError::new(format!("not valid TOML: {problem}"));
            Err(match error {
                Some(position) => problem.at(position),
                None => problem,
            })
        }
    }
}

fn table(table: &Table) -> Node {
    let entries = table
        .iter()
        .filter_map(|(key, item)| entry(table.key(key), key, item));
    Node::new(table.span(), Content::Table(entries.collect()))
}

fn inline_table(table: &InlineTable) -> Node {
    let entries = table.iter().map(|(name, content)| Entry {
        key: name.to_owned(),
        span: table.key(name).and_then(Key::span),
        merged_from: None,
        value: value(content),
    });
    Node::new(table.span(), Content::Table(entries.collect()))
}

fn entry(key: Option<&Key>, name: &str, item: &Item) -> Option<Entry> {
    let value = match item {
        Item::None => return None,
        Item::Value(content) => value(content),
        Item::Table(content) => table(content),
        Item::ArrayOfTables(tables) => {
            let items = tables.iter().map(table).collect();
            Node::new(tables.span(), Content::List(items))
        }
    };
    Some(Entry {
        key: name.to_owned(),
        span: key.and_then(Key::span),
        merged_from: None,
        value,
    })
}

/// Returns a value as JSON.
pub(super) fn json(content: &toml_edit::Value) -> Value {
    value(content).to_value()
}

fn value(content: &toml_edit::Value) -> Node {
    let scalar = match content {
        toml_edit::Value::String(text) => Value::from(text.value().as_str()),
        toml_edit::Value::Integer(number) => (*number.value()).into(),
        // JSON has no infinity. Centrifugo has no option for which it makes sense.
        toml_edit::Value::Float(number) => Number::from_f64(*number.value())
            .map_or_else(|| Value::from(number.value().to_string()), Value::Number),
        toml_edit::Value::Boolean(value) => (*value.value()).into(),
        toml_edit::Value::Datetime(time) => time.value().to_string().into(),
        toml_edit::Value::Array(items) => {
            return Node::new(items.span(), Content::List(items.iter().map(value).collect()));
        }
        toml_edit::Value::InlineTable(content) => return inline_table(content),
    };
    Node::new(content.span(), Content::Scalar(scalar))
}
