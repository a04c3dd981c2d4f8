//! Changes TOML.

use serde_json::{Map, Value};
use toml_edit::{Array, ArrayOfTables, Decor, DocumentMut, InlineTable, Item, RawString, Table};

use crate::config_file::write::{sorted, toml_item, toml_value};
use crate::config_file::{ConfigFile, FileError};

pub(super) fn edited(file: &ConfigFile, new: &Value) -> Result<String, FileError> {
    let failed = |problem: &str| FileError::new(problem);
    let mut document: DocumentMut = file.text.parse().map_err(|_| failed("not valid TOML"))?;
    let new = new
        .as_object()
        .ok_or_else(|| failed("the configuration must be an object"))?;
    table(document.as_table_mut(), new);
    let text = document.to_string();
    // toml_edit writes `\n`.
    Ok(if file.text.contains("\r\n") {
        text.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        text
    })
}

fn table(table: &mut Table, new: &Map<String, Value>) {
    let is_dotted = table.is_dotted();
    for (key, value) in sorted(new) {
        match table.get_mut(key) {
            Some(old) => item(old, value),
            None if is_dotted => {
                table.insert(key, dotted(value));
            }
            None => {
                table.insert(key, toml_item(value));
            }
        }
    }
}

/// Returns what stands for a value in a table whose keys are dotted, such as `client.proxy.enabled = true`.
fn dotted(value: &Value) -> Item {
    let Value::Object(object) = value else {
        return toml_value(value).map_or(Item::None, Item::Value);
    };
    let mut table = Table::new();
    table.set_dotted(true);
    for (key, value) in sorted(object) {
        table.insert(key, dotted(value));
    }
    Item::Table(table)
}

fn item(old: &mut Item, new: &Value) {
    match (&mut *old, new) {
        (Item::Table(old), Value::Object(new)) => table(old, new),
        (Item::ArrayOfTables(old), Value::Array(new)) if new.len() >= old.len() => tables(old, new),
        (Item::Value(old), new) => value(old, new),
        _ => *old = toml_item(new),
    }
}

fn tables(old: &mut ArrayOfTables, new: &[Value]) {
    let count = old.len();
    let objects = new.iter().filter_map(Value::as_object);
    for (old, new) in old.iter_mut().zip(objects) {
        table(old, new);
    }
    for new in new.iter().skip(count) {
        if let Item::Table(table) = toml_item(new) {
            old.push(table);
        }
    }
}

fn value(old: &mut toml_edit::Value, new: &Value) {
    match (&mut *old, new) {
        (toml_edit::Value::InlineTable(old), Value::Object(new)) => inline_table(old, new),
        (toml_edit::Value::Array(old), Value::Array(new)) if new.len() >= old.len() => array(old, new),
        _ => {
            let is_same = super::super::toml::json(old) == *new;
            if let (false, Some(mut new)) = (is_same, toml_value(new)) {
                *new.decor_mut() = old.decor().clone();
                *old = new;
            }
        }
    }
}

fn inline_table(old: &mut InlineTable, new: &Map<String, Value>) {
    for (key, new) in sorted(new) {
        if let Some(old) = old.get_mut(key) {
            value(old, new);
        } else if let Some(mut new) = toml_value(new) {
            // The space before the brace stays before it.
            let last = old
                .iter_mut()
                .last()
                .map(|(_, last)| take_suffix(last.decor_mut()));
            new.decor_mut().set_prefix(" ");
            new.decor_mut().set_suffix(last.unwrap_or_else(|| " ".to_owned()));
            old.insert(key.as_str(), new);
        }
    }
}

fn array(old: &mut Array, new: &[Value]) {
    let count = old.len();
    for (old, new) in old.iter_mut().zip(new) {
        value(old, new);
    }
    if new.len() == count {
        return;
    }
    // Each element has a line of its own, or all are on one.
    let last = old.iter_mut().last().map(toml_edit::Value::decor_mut);
    let prefix = last
        .as_ref()
        .and_then(|decor| text(decor.prefix()))
        .unwrap_or_default();
    let line_break = prefix.rfind('\n').map(|at| prefix[at..].to_owned());
    // What stands after the last element remains after it, such as a comment.
    let mut after = last.map(take_suffix).unwrap_or_default();
    let trailing = text(Some(old.trailing())).unwrap_or_default();
    if line_break.is_some() {
        after.push_str(trailing.trim_end());
        old.set_trailing("\n");
    }
    for (position, new) in new.iter().enumerate().skip(count) {
        if let Some(mut new) = toml_value(new) {
            let separator = if position == 0 {
                ""
            } else {
                line_break.as_deref().unwrap_or(" ")
            };
            new.decor_mut()
                .set_prefix(format!("{}{separator}", after.trim_end()));
            after.clear();
            old.push_formatted(new);
        }
    }
}

fn text(raw: Option<&RawString>) -> Option<String> {
    raw.and_then(RawString::as_str).map(str::to_owned)
}

/// Removes and returns what stands after a value.
fn take_suffix(decor: &mut Decor) -> String {
    let suffix = text(decor.suffix()).unwrap_or_default();
    decor.set_suffix("");
    suffix
}
