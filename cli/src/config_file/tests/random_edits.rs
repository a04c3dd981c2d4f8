//! Changes of files with random content lose nothing.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::config_file::write::{json_block, json_line, yaml_block, yaml_flow, yaml_key};
use crate::config_file::{ConfigFile, Format, changes, write};

const KEYS: [&str; 6] = ["name", "a", "b_c", "é", "x y", "true"];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "1h",
            "grpc://127.0.0.1:1",
            "# no",
            "a: b",
            "é\"\\",
            "- ",
            "yes"
        ])
        .prop_map(Value::from),
    ]
}

fn object_of(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let entries = prop::collection::btree_map(prop::sample::select(&KEYS[..]), value, 0..4);
    entries.prop_map(|entries| {
        let entries = entries.into_iter().map(|(key, value)| (key.to_owned(), value));
        Value::Object(entries.collect::<Map<_, _>>())
    })
}

fn object() -> impl Strategy<Value = Value> {
    let value = scalar().prop_recursive(4, 24, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from);
        prop_oneof![3 => object_of(inner), 1 => list]
    });
    object_of(value)
}

/// Choices of a form, and the comments that are written so far.
struct Form {
    bytes: Vec<u8>,
    comments: usize,
}

impl Form {
    fn one_in(&mut self, count: u8) -> bool {
        self.bytes.rotate_left(1);
        self.bytes.first().is_some_and(|byte| byte % count == 0)
    }

    fn comment(&mut self, start: &str) -> String {
        if !self.one_in(3) {
            return String::new();
        }
        self.comments += 1;
        format!("{start}# comment {};", self.comments)
    }

    /// Writes a value of YAML after a key, a marker or the start of the file.
    fn yaml(&mut self, value: &Value, indent: &str, text: &mut String) {
        match value {
            Value::Object(object) if !object.is_empty() && !self.one_in(5) => {
                for (key, value) in object {
                    text.push_str(&self.comment(&format!("\n{indent}")));
                    let _ = write!(text, "\n{indent}{}:", yaml_key(key));
                    if value.is_object() || value.is_array() {
                        self.yaml(value, &format!("{indent}  "), text);
                    } else {
                        let _ = write!(text, " {}{}", yaml_flow(value), self.comment("  "));
                    }
                }
            }
            Value::Array(items) if !items.is_empty() && !self.one_in(5) => {
                // Elements need not be indented.
                let indent = if self.one_in(2) {
                    indent
                } else {
                    indent.strip_suffix("  ").unwrap_or(indent)
                };
                for item in items {
                    text.push_str(&self.comment(&format!("\n{indent}")));
                    let _ = write!(
                        text,
                        "\n{indent}- {}",
                        yaml_block(item, &format!("{indent}  "), "\n")
                    );
                }
            }
            other => {
                let _ = write!(text, " {}{}", yaml_flow(other), self.comment(" "));
            }
        }
    }

    fn text(&mut self, value: &Value, format: Format) -> String {
        let mut text = String::new();
        match format {
            Format::Json if self.one_in(3) => text = json_line(value),
            Format::Json => text = json_block(value, "", "\t", "\n"),
            Format::Yaml => {
                self.yaml(value, "", &mut text);
                text = format!("{}{}\n", text.trim_start(), self.comment("\n"));
            }
            Format::Toml => {
                for line in write(value, Format::Toml).lines() {
                    let before = self.comment("");
                    let _ = writeln!(
                        text,
                        "{before}{}{line}{}",
                        if before.is_empty() { "" } else { "\n" },
                        self.comment(" ")
                    );
                }
            }
        }
        if self.one_in(4) {
            text.replace('\n', "\r\n")
        } else {
            text
        }
    }
}

/// Adds what `patch` has and `base` has not, and replaces some of the scalars that both have.
fn merge(base: &mut Value, patch: &Value) {
    match (base, patch) {
        (Value::Object(base), Value::Object(patch)) => {
            for (key, value) in patch {
                match base.get_mut(key) {
                    Some(base) => merge(base, value),
                    None => drop(base.insert(key.clone(), value.clone())),
                }
            }
        }
        // An array of tables of TOML takes only tables.
        (Value::Array(base), Value::Array(patch)) => {
            let has_tables = base.iter().any(Value::is_object);
            let patch = patch.iter().filter(|item| item.is_object() == has_tables);
            base.extend(patch.cloned());
        }
        (base, patch) if !base.is_object() && !base.is_array() && !patch.is_object() && !patch.is_array() => {
            *base = patch.clone();
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn an_edit_keeps_everything_else(
        old in object(),
        patch in object(),
        bytes in prop::collection::vec(any::<u8>(), 1..40),
        format in prop::sample::select(vec![Format::Json, Format::Yaml, Format::Toml]),
    ) {
        let mut form = Form { bytes, comments: 0 };
        let text = form.text(&old, format);
        let file = ConfigFile::parse(&text, Some(format)).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(&file.value, &old, "{}", text);
        let mut new = old.clone();
        merge(&mut new, &patch);
        let edited = file.edited(&new).map_err(|error| TestCaseError::fail(format!("{error}\n{text}\n{new:#}")))?;
        let again = ConfigFile::parse(&edited, Some(format)).unwrap();
        prop_assert_eq!(&again.value, &new);
        prop_assert_eq!(changes(&again.value, &new), vec![]);
        for number in 1..=form.comments {
            prop_assert!(edited.contains(&format!("# comment {number};")), "{}\n{}", text, edited);
        }
        // Lines whose values are not replaced remain as they are.
        let replaced = changes(&old, &new).iter().filter(|change| change.old.is_some()).count();
        if replaced == 0 && format == Format::Yaml && !text.contains(['{', '[']) {
            let mut lines = edited.lines();
            for line in text.lines() {
                prop_assert!(lines.any(|edited| edited == line), "{}\n{}", line, edited);
            }
        }
        if new == old {
            prop_assert_eq!(edited, text);
        }
    }
}
