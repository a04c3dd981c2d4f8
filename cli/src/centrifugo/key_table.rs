//! Looks keys up in the table of all keys.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::key_type::KeyType;
use super::keys::KEYS;

/// A key of Centrifugo's configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The path. `[]` stands for an index.
    pub path: &'static str,
    /// The type of the value.
    pub key_type: KeyType,
    /// What applies if the key is missing or has the zero value. Empty if that is the zero value.
    pub default: &'static str,
}

static BY_PATH: LazyLock<HashMap<&'static str, Key>> =
    LazyLock::new(|| all_keys().map(|key| (key.path, key)).collect());

/// Returns all keys of Centrifugo 6.9, in the order of its documentation.
pub fn all_keys() -> impl Iterator<Item = Key> {
    KEYS.iter().map(|(path, key_type, default)| Key {
        path,
        key_type: *key_type,
        default,
    })
}

/// Finds a key. Indexes in the path are ignored.
pub fn find_key(path: &str) -> Option<Key> {
    BY_PATH.get(without_indexes(path).as_str()).copied()
}

/// Returns the keys of a section, without the keys of sections in it.
pub(super) fn keys_in(section: &str) -> impl Iterator<Item = Key> {
    let mut prefix = without_indexes(section);
    if !prefix.is_empty() {
        prefix.push('.');
    }
    all_keys().filter(move |key| {
        key.path
            .strip_prefix(prefix.as_str())
            .is_some_and(|name| !name.contains('.'))
    })
}

/// Replaces `[3]` by `[]`.
pub(super) fn without_indexes(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut is_index = false;
    for character in path.chars() {
        is_index = match character {
            '[' => {
                text.push('[');
                true
            }
            ']' => false,
            _ => is_index,
        };
        if !is_index {
            text.push(character);
        }
    }
    text
}

/// Returns the last name of a path.
pub(crate) fn last_name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Joins the path of a section and a name.
pub(crate) fn join(section: &str, name: &str) -> String {
    if section.is_empty() {
        name.to_owned()
    } else {
        format!("{section}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_keys_with_indexes() {
        let key = find_key("channel.namespaces[12].map.mode").unwrap();
        assert_eq!(
            (key.path, key.key_type),
            ("channel.namespaces[].map.mode", KeyType::Text)
        );
        assert_eq!(find_key("proxies[0].timeout").unwrap().default, "1s");
        assert_eq!(find_key("proxies[0].time"), None);
    }

    #[test]
    fn lists_the_keys_of_a_section() {
        let names: Vec<_> = keys_in("rpc.namespaces[1]")
            .map(|key| last_name(key.path))
            .collect();
        assert_eq!(names, ["name", "proxy_enabled", "proxy_name"]);
        assert!(keys_in("").any(|key| key.path == "client"));
    }
}
