//! Reads the values of a file, as Centrifugo's viper does.

use serde_json::{Map, Value as Json};

use super::configuration::Configuration;
use super::key_table::{find_key, join};
use super::key_type::KeyType;
use super::problem::ProblemKind;
use super::value::Value;

pub(super) fn read(configuration: &mut Configuration, file: &Json) {
    match file {
        Json::Object(map) => section(configuration, "", map),
        Json::Null => {}
        _ => configuration.add_problem("", None, ProblemKind::Type(KeyType::Object)),
    }
}

fn section(configuration: &mut Configuration, path: &str, map: &Map<String, Json>) {
    // Keys are sorted, so that findings have a stable order.
    for (name, json) in map {
        // Centrifugo does not see a key without a value.
        if !json.is_null() {
            key(configuration, &join(path, &name.to_lowercase()), name, json);
        }
    }
}

fn key(configuration: &mut Configuration, path: &str, name: &str, json: &Json) {
    // Dots in names outside of lists separate sections.
    let has_dots_in_list = path.contains('[') && name.contains('.');
    let Some(key) = find_key(path).filter(|_| !has_dots_in_list) else {
        configuration.add_problem(path, None, ProblemKind::UnknownKey);
        return;
    };
    match (key.key_type, json) {
        (KeyType::Object, Json::Object(map)) => section(configuration, path, map),
        (KeyType::ObjectList, Json::Array(items)) => list(configuration, path, items),
        (KeyType::ObjectList, Json::Object(_)) => list(configuration, path, std::slice::from_ref(json)),
        (key_type, json) => match Value::from_file(key_type, json) {
            Some(value) => configuration.set(path, value, None),
            None => configuration.add_problem(path, None, ProblemKind::Type(key_type)),
        },
    }
}

fn list(configuration: &mut Configuration, path: &str, items: &[Json]) {
    configuration.set_len(path, items.len());
    for (index, item) in items.iter().enumerate() {
        let path = format!("{path}[{index}]");
        match item {
            Json::Object(map) => section(configuration, &path, map),
            Json::Null => {}
            _ => configuration.add_problem(&path, None, ProblemKind::Type(KeyType::Object)),
        }
    }
}
