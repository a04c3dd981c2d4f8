//! Reads `CENTRIFUGO_*` variables, as Centrifugo's envconfig does.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::configuration::Configuration;
use super::environment::Environment;
use super::key_table::{all_keys, find_key, join, keys_in, last_name};
use super::key_type::KeyType;
use super::problem::ProblemKind;
use super::value::Value;

/// The lists whose sections have variables of their own, and the prefixes of those variables.
const NAMED_LISTS: [(&str, &str); 4] = [
    ("channel.namespaces", "CENTRIFUGO_CHANNEL_NAMESPACES"),
    ("rpc.namespaces", "CENTRIFUGO_RPC_NAMESPACES"),
    ("proxies", "CENTRIFUGO_PROXIES"),
    ("consumers", "CENTRIFUGO_CONSUMERS"),
];

/// Reads the variables. Returns the names of all variables that Centrifugo would read.
pub(super) fn read(configuration: &mut Configuration, environment: &Environment) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for key in all_keys().filter(|key| !key.path.contains("[]")) {
        let variable = name_of(key.path);
        if key.key_type != KeyType::Object {
            read_key(configuration, environment, key.path, key.key_type, &variable);
            known.insert(variable);
        }
    }
    for (list, prefix) in NAMED_LISTS {
        for (path, name) in configuration.sections(list) {
            // Names of variables have no other separator.
            let name = name.replace(['.', '-'], "_").to_uppercase();
            read_section(
                configuration,
                environment,
                &path,
                &format!("{prefix}_{name}"),
                &mut known,
            );
        }
    }
    known
}

/// Returns the name of the variable for a key that is not in a list.
pub(crate) fn name_of(path: &str) -> String {
    format!("CENTRIFUGO_{}", path.replace('.', "_").to_uppercase())
}

fn read_section(
    configuration: &mut Configuration,
    environment: &Environment,
    section: &str,
    prefix: &str,
    known: &mut BTreeSet<String>,
) {
    for key in keys_in(section) {
        let name = last_name(key.path);
        let path = join(section, name);
        let variable = format!("{prefix}_{}", name.to_uppercase());
        if key.key_type == KeyType::Object {
            read_section(configuration, environment, &path, &variable, known);
        } else {
            read_key(configuration, environment, &path, key.key_type, &variable);
            known.insert(variable);
        }
    }
}

fn read_key(
    configuration: &mut Configuration,
    environment: &Environment,
    path: &str,
    key_type: KeyType,
    variable: &str,
) {
    // Centrifugo ignores empty variables.
    let Some(text) = environment.get(variable).filter(|text| !text.is_empty()) else {
        return;
    };
    if key_type == KeyType::ObjectList {
        if read_list(configuration, path, text, variable).is_none() {
            configuration.add_problem(path, Some(variable), ProblemKind::Type(key_type));
        }
        return;
    }
    match Value::from_variable(key_type, text) {
        Some(value) => configuration.set(path, value, Some(variable)),
        None => configuration.add_problem(path, Some(variable), ProblemKind::Type(key_type)),
    }
}

/// Reads JSON, or names between spaces, which are added to the list. Returns `None` if Centrifugo does not start.
fn read_list(configuration: &mut Configuration, list: &str, text: &str, variable: &str) -> Option<()> {
    let is_named = NAMED_LISTS.iter().any(|(named, _)| *named == list);
    if is_named && !(text.starts_with('[') && text.ends_with(']')) {
        for name in text.split(' ') {
            let index = configuration.len(list);
            configuration.set_len(list, index + 1);
            let path = format!("{list}[{index}].name");
            configuration.set(&path, Value::Text(name.to_owned()), Some(variable));
        }
        return Some(());
    }
    let items: Vec<Json> = serde_json::from_str(text).ok()?;
    if !is_named {
        configuration.set_len(list, 0);
    }
    // Go decodes into the elements that are there: keys that the JSON does not have keep the values of the file.
    configuration.set_len(list, items.len());
    for (index, item) in items.iter().enumerate() {
        json_section(
            configuration,
            &format!("{list}[{index}]"),
            item.as_object()?,
            variable,
        )?;
    }
    Some(())
}

fn json_section(
    configuration: &mut Configuration,
    section: &str,
    map: &Map<String, Json>,
    variable: &str,
) -> Option<()> {
    for (name, json) in map {
        let path = join(section, &name.to_lowercase());
        let Some(key) = find_key(&path).filter(|_| !name.contains('.')) else {
            configuration.add_problem(&path, Some(variable), ProblemKind::UnknownKey);
            continue;
        };
        match (key.key_type, json) {
            (_, Json::Null) => {}
            (KeyType::Object, Json::Object(map)) => json_section(configuration, &path, map, variable)?,
            (KeyType::ObjectList, Json::Array(items)) => {
                configuration.set_len(&path, items.len());
                for (index, item) in items.iter().enumerate() {
                    json_section(
                        configuration,
                        &format!("{path}[{index}]"),
                        item.as_object()?,
                        variable,
                    )?;
                }
            }
            (key_type, json) => match Value::from_json(key_type, json) {
                Some(value) => configuration.set(&path, value, Some(variable)),
                None => configuration.add_problem(&path, Some(variable), ProblemKind::Type(key_type)),
            },
        }
    }
    Some(())
}
