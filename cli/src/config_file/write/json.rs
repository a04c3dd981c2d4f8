//! Writes JSON.

use serde_json::Value;

use super::sorted;

/// Returns a value over several lines. The first line is not indented.
pub(in crate::config_file) fn json_block(
    value: &Value,
    indent: &str,
    unit: &str,
    line_break: &str,
) -> String {
    let inner = format!("{indent}{unit}");
    let (open, close, lines) = match value {
        Value::Object(object) if !object.is_empty() => {
            let line = |(key, value): (&String, &Value)| {
                format!(
                    "{}: {}",
                    Value::from(key.as_str()),
                    json_block(value, &inner, unit, line_break)
                )
            };
            ('{', '}', sorted(object).into_iter().map(line).collect::<Vec<_>>())
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            let line = |item| json_block(item, &inner, unit, line_break);
            ('[', ']', items.iter().map(line).collect())
        }
        other => return json_line(other),
    };
    let lines = lines.join(&format!(",{line_break}{inner}"));
    format!("{open}{line_break}{inner}{lines}{line_break}{indent}{close}")
}

/// Returns a value on one line.
pub(in crate::config_file) fn json_line(value: &Value) -> String {
    match value {
        Value::Object(object) if !object.is_empty() => {
            let entries = sorted(object).into_iter();
            let entries =
                entries.map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), json_line(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(json_line).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}
