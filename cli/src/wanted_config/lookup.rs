//! Finds values of a configuration. Centrifugo ignores the case of keys.

use serde_json::{Map, Value};

/// Returns the key of an object, as the object has it.
pub(super) fn key<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a String> {
    object
        .get_key_value(key)
        .map(|(key, _)| key)
        .or_else(|| object.keys().find(|known| known.eq_ignore_ascii_case(key)))
}

/// Returns the value of a key of an object.
pub(super) fn child<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let object = value.as_object()?;
    object.get(key(object, name)?)
}

/// Returns the value at the keys.
pub(super) fn find<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().try_fold(value, |value, key| child(value, key))
}

/// Returns the value of an option, such as `map.mode`.
pub(super) fn option<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, child)
}

/// Returns the index of the element of a list whose key `by` has a text.
pub(super) fn position(list: &[Value], by: &str, text: &str) -> Option<usize> {
    list.iter()
        .position(|item| child(item, by).and_then(Value::as_str) == Some(text))
}

/// Returns the element of a list that has this `name`.
pub(super) fn named<'a>(list: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    let list = list?.as_array()?;
    list.get(position(list, "name", name)?)
}

/// Returns a text that is not empty.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    child(value, name)?.as_str().filter(|text| !text.is_empty())
}
