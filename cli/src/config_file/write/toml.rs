//! Writes TOML.

use serde_json::{Map, Value};
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table};

use super::sorted;

/// Returns the text of a document.
pub(super) fn document(value: &Value) -> String {
    let mut document = DocumentMut::new();
    if let Some(object) = value.as_object() {
        *document.as_table_mut() = table(object);
    }
    document.to_string().trim_start().to_owned()
}

/// Returns what stands for a value in a table: objects become tables, and lists of objects become arrays of tables. Nulls
/// have no place in TOML.
pub(in crate::config_file) fn toml_item(value: &Value) -> Item {
    match value {
        Value::Object(object) => Item::Table(table(object)),
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_object) => {
            let tables = items.iter().filter_map(Value::as_object).map(table);
            Item::ArrayOfTables(tables.collect::<ArrayOfTables>())
        }
        other => toml_value(other).map_or(Item::None, Item::Value),
    }
}

fn table(object: &Map<String, Value>) -> Table {
    let mut table = Table::new();
    let is_table = |value: &Value| matches!(toml_item(value), Item::Table(_) | Item::ArrayOfTables(_));
    // Values must come before tables.
    let (tables, values): (Vec<_>, Vec<_>) =
        sorted(object).into_iter().partition(|(_, value)| is_table(value));
    // A table that has only tables needs no header.
    table.set_implicit(values.is_empty() && !tables.is_empty());
    for (key, value) in values.into_iter().chain(tables) {
        table.insert(key, toml_item(value));
    }
    table
}

/// Returns what stands for a value on one line, or `None` for null.
pub(in crate::config_file) fn toml_value(value: &Value) -> Option<toml_edit::Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => number.as_f64()?.into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().filter_map(toml_value).collect::<Array>().into(),
        Value::Object(object) => {
            let entries = sorted(object).into_iter();
            let entries = entries.filter_map(|(key, value)| Some((key.as_str(), toml_value(value)?)));
            entries.collect::<InlineTable>().into()
        }
    })
}
