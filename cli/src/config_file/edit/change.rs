//! The differences between two configurations.

use std::fmt;

use serde_json::Value;

use crate::config_file::ConfigPath;

/// A value that is added or replaced.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The place of the value.
    pub path: ConfigPath,
    /// The value before, or `None` if there was none.
    pub old: Option<Value>,
    /// The value after.
    pub new: Value,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, old, new } = self;
        match old {
            Some(old) => write!(f, "{path}: {old} -> {new}"),
            None => write!(f, "{path}: added {new}"),
        }
    }
}

/// Returns what must be added or replaced in `old`, so that it becomes `new`. Keys that only `old` has are no change.
pub fn changes(old: &Value, new: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    add_changes(&ConfigPath::root(), old, new, &mut found);
    found
}

fn add_changes(path: &ConfigPath, old: &Value, new: &Value, found: &mut Vec<Change>) {
    let mut compare = |path: ConfigPath, old: Option<&Value>, new: &Value| match old {
        Some(old) => add_changes(&path, old, new, found),
        None => found.push(Change {
            path,
            old: None,
            new: new.clone(),
        }),
    };
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, new) in new {
                compare(path.key(key), old.get(key), new);
            }
        }
        (Value::Array(old), Value::Array(new)) if new.len() >= old.len() => {
            for (index, new) in new.iter().enumerate() {
                compare(path.index(index), old.get(index), new);
            }
        }
        _ if old == new => {}
        _ => found.push(Change {
            path: path.clone(),
            old: Some(old.clone()),
            new: new.clone(),
        }),
    }
}
