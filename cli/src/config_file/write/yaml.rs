//! Writes YAML.

use serde_json::Value;

use super::sorted;
use crate::config_file::yaml_scalar;

/// Returns an object or a list over several lines, and any other value on one line. All lines but the first are indented.
pub(in crate::config_file) fn yaml_block(value: &Value, indent: &str, line_break: &str) -> String {
    let lines: Vec<_> = match value {
        Value::Object(object) if !object.is_empty() => sorted(object)
            .into_iter()
            .map(|(key, value)| {
                let key = yaml_key(key);
                if is_block(value) {
                    let inner = format!("{indent}  ");
                    format!(
                        "{key}:{line_break}{inner}{}",
                        yaml_block(value, &inner, line_break)
                    )
                } else if let Some(literal) = literal(value, &format!("{indent}  "), line_break) {
                    format!("{key}: {literal}")
                } else {
                    format!("{key}: {}", yaml_flow(value))
                }
            })
            .collect(),
        Value::Array(items) if !items.is_empty() => {
            let inner = format!("{indent}  ");
            let line = |item| format!("- {}", yaml_block(item, &inner, line_break));
            items.iter().map(line).collect()
        }
        other => return yaml_flow(other),
    };
    lines.join(&format!("{line_break}{indent}"))
}

/// Whether a value is written over several lines.
fn is_block(value: &Value) -> bool {
    match value {
        Value::Object(object) => !object.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

/// Returns a text of several lines as a block, or `None` if it would not mean the same.
fn literal(value: &Value, indent: &str, line_break: &str) -> Option<String> {
    let text = value.as_str()?;
    let is_edge = |char: Option<char>| char.is_none_or(char::is_whitespace);
    let has_only_plain_chars = text
        .chars()
        .all(|char| char == '\n' || (!char.is_control() && !('\u{2028}'..='\u{2029}').contains(&char)));
    if !text.contains('\n')
        || is_edge(text.chars().next())
        || is_edge(text.chars().last())
        || !has_only_plain_chars
    {
        return None;
    }
    let lines = text.split('\n').map(|line| {
        if line.is_empty() {
            line_break.to_owned()
        } else {
            format!("{line_break}{indent}{line}")
        }
    });
    Some(format!("|-{}", lines.collect::<String>()))
}

/// Returns a value on one line.
pub(in crate::config_file) fn yaml_flow(value: &Value) -> String {
    match value {
        Value::Object(object) if object.is_empty() => "{}".to_owned(),
        Value::Object(object) => {
            let entries = sorted(object).into_iter();
            let entries = entries.map(|(key, value)| format!("{}: {}", yaml_key(key), yaml_flow(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(yaml_flow).collect();
            format!("[{}]", items.join(", "))
        }
        other => yaml_scalar(other),
    }
}

/// Returns a value that is no object and no list.
fn yaml_scalar(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Returns the name of a key.
pub(in crate::config_file) fn yaml_key(key: &str) -> String {
    yaml_scalar(&key.into())
}

/// Whether a text means itself without quotes, for readers of YAML 1.1 and 1.2, in all places.
fn is_plain(text: &str) -> bool {
    let start = text.strip_prefix('.').unwrap_or(text);
    let starts_plainly = start.starts_with('/')
        || text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_');
    let has_plain_chars = starts_plainly
        && !text.ends_with(':')
        && text
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || "_-./:".contains(char));
    let is_word = ["yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    // Readers of YAML 1.1 take `1:30` for a number, and `2001-12-14` for a date.
    let is_number = text.chars().all(|char| !char.is_ascii_alphabetic());
    has_plain_chars && !is_word && !is_number && yaml_scalar::plain(text).is_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config_file::{ConfigFile, Format};

    #[test]
    fn writes_texts_of_several_lines_as_blocks() {
        for (text, written) in [
            (
                "a\n\n b: #c\n\"d\"",
                "x:\n  k: |-\n    a\n\n     b: #c\n    \"d\"\n",
            ),
            ("a\n", "x:\n  k: \"a\\n\"\n"),
            (" a\nb", "x:\n  k: \" a\\nb\"\n"),
            ("a\tb\nc", "x:\n  k: \"a\\tb\\nc\"\n"),
        ] {
            let value = serde_json::json!({ "x": { "k": text } });
            let found = format!("{}\n", yaml_block(&value, "", "\n"));
            assert_eq!(found, written);
            assert_eq!(
                ConfigFile::parse(&found, Some(Format::Yaml)).unwrap().value,
                value
            );
        }
    }

    #[test]
    fn quotes_what_would_mean_something_else() {
        for (text, written) in [
            ("chat", "chat"),
            ("./target/debug/app", "./target/debug/app"),
            ("/usr/bin/app", "/usr/bin/app"),
            (".inf", "\".inf\""),
            ("1h", "1h"),
            ("grpc://127.0.0.1:10001", "grpc://127.0.0.1:10001"),
            ("8000", "\"8000\""),
            ("true", "\"true\""),
            ("Yes", "\"Yes\""),
            ("null", "\"null\""),
            ("1e3", "\"1e3\""),
            ("0x1f", "\"0x1f\""),
            ("127.0.0.1", "\"127.0.0.1\""),
            ("a: b", "\"a: b\""),
            ("a:", "\"a:\""),
            ("", "\"\""),
            ("- a", "\"- a\""),
            ("a #b", "\"a #b\""),
            ("*", "\"*\""),
            ("é\n\"", "\"é\\n\\\"\""),
        ] {
            assert_eq!(yaml_scalar(&text.into()), written);
            let file =
                ConfigFile::parse(&format!("a: {written}\nb: [{written}]\n"), Some(Format::Yaml)).unwrap();
            assert_eq!(
                (&file.value["a"], &file.value["b"][0]),
                (&text.into(), &text.into())
            );
        }
    }
}
