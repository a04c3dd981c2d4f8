//! The configuration that Centrifugo works with: a file, and variables on top of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::environment::{Environment, VARIABLE_PREFIX};
use super::key_table::{find_key, join};
use super::key_type::KeyType;
use super::problem::{Problem, ProblemKind};
use super::value::Value;
use super::{file_reader, variable_reader};

/// The configuration that Centrifugo 6.9 works with.
///
/// Paths are as in the file, such as `channel.namespaces[0].presence`.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    settings: BTreeMap<String, Setting>,
    /// The lengths of lists of sections.
    lengths: BTreeMap<String, usize>,
    pub(super) problems: Vec<Problem>,
}

#[derive(Clone, Debug)]
struct Setting {
    value: Value,
    variable: Option<String>,
}

impl Configuration {
    /// Reads a configuration as Centrifugo does: the file, then `CENTRIFUGO_*` variables on top, then defaults.
    pub fn load(file: &Json, environment: &Environment) -> Self {
        let mut configuration = Self::default();
        file_reader::read(&mut configuration, file);
        let known = variable_reader::read(&mut configuration, environment);
        configuration.expand(environment);
        configuration.find_unknown_variables(environment, &known);
        configuration
    }

    /// What is wrong with keys and values.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether the file or a variable sets the key.
    pub fn is_set(&self, path: &str) -> bool {
        self.settings.contains_key(path)
    }

    /// Whether the file or a variable sets a key of the section.
    pub fn has_section(&self, path: &str) -> bool {
        let prefix = format!("{path}.");
        self.settings
            .range(prefix.clone()..)
            .next()
            .is_some_and(|(key, _)| key.starts_with(&prefix))
    }

    /// The variable that sets the key, if one does.
    pub fn variable(&self, path: &str) -> Option<&str> {
        self.settings.get(path)?.variable.as_deref()
    }

    /// Returns the value of a key, or its default. A path that Centrifugo does not know has an empty text.
    pub fn value(&self, path: &str) -> Value {
        let key = find_key(path);
        let key_type = key.map_or(KeyType::Text, |key| key.key_type);
        match self.settings.get(path) {
            Some(setting) if !setting.value.is_zero() => setting.value.clone(),
            _ => key
                .and_then(|key| Value::from_variable(key_type, key.default))
                .unwrap_or_else(|| Value::zero(key_type)),
        }
    }

    /// Returns whether an option is on.
    pub fn bool(&self, path: &str) -> bool {
        self.value(path) == Value::Bool(true)
    }

    /// Returns a text.
    pub fn text(&self, path: &str) -> String {
        match self.value(path) {
            Value::Text(text) => text,
            _ => String::new(),
        }
    }

    /// Returns a number.
    pub fn int(&self, path: &str) -> i64 {
        match self.value(path) {
            Value::Int(value) => value,
            _ => 0,
        }
    }

    /// Returns a duration in nanoseconds.
    pub fn nanos(&self, path: &str) -> i64 {
        match self.value(path) {
            Value::Duration(nanos) => nanos,
            _ => 0,
        }
    }

    /// Returns a list of texts.
    pub fn texts(&self, path: &str) -> Vec<String> {
        match self.value(path) {
            Value::TextList(items) => items,
            _ => Vec::new(),
        }
    }

    /// Returns texts by name.
    pub fn text_map(&self, path: &str) -> BTreeMap<String, String> {
        match self.value(path) {
            Value::TextMap(map) => map,
            _ => BTreeMap::new(),
        }
    }

    /// Returns the number of sections in a list.
    pub fn len(&self, list: &str) -> usize {
        self.lengths.get(list).copied().unwrap_or(0)
    }

    /// Returns the paths of the sections in a list, with their names.
    pub fn sections(&self, list: &str) -> Vec<(String, String)> {
        (0..self.len(list))
            .map(|index| {
                let path = format!("{list}[{index}]");
                let name = self.text(&join(&path, "name"));
                (path, name)
            })
            .collect()
    }

    /// Returns the configuration with values of `channel_regex` that all names match, so that what is decided about a name that was
    /// made up also holds for the real ones.
    pub(crate) fn for_any_channel_name(&self) -> Self {
        let mut configuration = self.clone();
        for (path, setting) in &mut configuration.settings {
            if path.ends_with(".channel_regex")
                && !matches!(&setting.value, Value::Text(text) if text.is_empty())
            {
                setting.value = Value::Text(".*".to_owned());
            }
        }
        configuration
    }

    pub(super) fn set(&mut self, path: &str, value: Value, variable: Option<&str>) {
        self.settings.insert(
            path.to_owned(),
            Setting {
                value,
                variable: variable.map(str::to_owned),
            },
        );
    }

    pub(super) fn set_len(&mut self, list: &str, len: usize) {
        self.lengths.insert(list.to_owned(), len);
        // Sections behind the end are no longer part of the list.
        self.settings
            .retain(|path, _| index_of(path, list).is_none_or(|index| index < len));
        self.lengths
            .retain(|path, _| index_of(path, list).is_none_or(|index| index < len));
    }

    pub(super) fn add_problem(&mut self, path: &str, variable: Option<&str>, kind: ProblemKind) {
        self.problems.push(Problem {
            path: path.to_owned(),
            variable: variable.map(str::to_owned),
            kind,
        });
    }

    /// Puts the values of variables in where Centrifugo does it, which is in maps of texts, and reports all other places.
    fn expand(&mut self, environment: &Environment) {
        let mut problems = Vec::new();
        for (path, setting) in &mut self.settings {
            let mut find = |kind| {
                problems.push(Problem {
                    path: path.clone(),
                    variable: setting.variable.clone(),
                    kind,
                });
            };
            let is_expanded =
                matches!(setting.value, Value::TextMap(_)) && !is_json_of_list(path, &setting.variable);
            if !is_expanded {
                for name in setting.value.texts().into_iter().flat_map(variables_in) {
                    find(ProblemKind::NotExpanded(name));
                }
            } else if let Value::TextMap(map) = &mut setting.value {
                for text in map.values_mut() {
                    for name in variables_in(text) {
                        match environment.get(&name) {
                            Some(value) => *text = text.replace(&format!("${{{name}}}"), value),
                            None => find(ProblemKind::MissingVariable(name)),
                        }
                    }
                }
            }
        }
        self.problems.append(&mut problems);
    }

    fn find_unknown_variables(&mut self, environment: &Environment, known: &BTreeSet<String>) {
        for name in environment.names_of_centrifugo() {
            if !known.contains(name) {
                self.add_problem(name, Some(name), ProblemKind::UnknownVariable);
            }
        }
    }
}

/// Whether the value comes from the JSON of a variable that holds a whole list.
fn is_json_of_list(path: &str, variable: &Option<String>) -> bool {
    variable.as_ref().is_some_and(|variable| {
        path.contains('[')
            && [
                "CENTRIFUGO_PROXIES",
                "CENTRIFUGO_CONSUMERS",
                "CENTRIFUGO_CHANNEL_NAMESPACES",
                "CENTRIFUGO_RPC_NAMESPACES",
            ]
            .contains(&variable.as_str())
    })
}

/// Returns the index of the section of a list that a path is in.
fn index_of(path: &str, list: &str) -> Option<usize> {
    let rest = path.strip_prefix(list)?.strip_prefix('[')?;
    rest[..rest.find(']')?].parse().ok()
}

/// Returns the names in `${CENTRIFUGO_VAR_NAME}`.
fn variables_in(text: &str) -> Vec<String> {
    text.split("${")
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .filter(|name| name.len() > VARIABLE_PREFIX.len() && name.starts_with(VARIABLE_PREFIX))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn load(file: Json, variables: &[(&str, &str)]) -> Configuration {
        let environment = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Configuration::load(&file, &environment)
    }

    fn problems(configuration: &Configuration) -> Vec<(&str, &ProblemKind)> {
        let problems = configuration.problems().iter();
        problems.map(|problem| (&*problem.path, &problem.kind)).collect()
    }

    #[test]
    fn defaults_take_the_place_of_zero_values() {
        let configuration = load(
            json!({ "channel": { "namespace_boundary": "", "max_length": 0 } }),
            &[],
        );
        assert_eq!(configuration.text("channel.namespace_boundary"), ":");
        assert_eq!(configuration.int("channel.max_length"), 255);
        assert_eq!(configuration.nanos("rpc.proxy.timeout"), 1_000_000_000);
        assert_eq!(
            configuration.text("channel.namespaces[0].subscribe_proxy_name"),
            "default"
        );
    }

    #[test]
    fn keys_of_files_ignore_case_and_may_have_dots() {
        let file = json!({ "Client": { "INSECURE": "true" }, "channel.max_length": 9, "rpc": null });
        let configuration = load(file, &[]);
        assert!(configuration.bool("client.insecure"));
        assert_eq!(configuration.int("channel.max_length"), 9);
        assert!(problems(&configuration).is_empty());
        // In lists, dots are part of the name.
        let file =
            json!({ "channel": { "namespaces": [{ "name": "ab", "map.mode": "x", "Presence": true }] } });
        let configuration = load(file, &[]);
        assert!(configuration.bool("channel.namespaces[0].presence"));
        assert_eq!(
            problems(&configuration),
            [("channel.namespaces[0].map.mode", &ProblemKind::UnknownKey)]
        );
    }

    #[test]
    fn finds_unknown_keys_and_wrong_types() {
        let file = json!({
            "client": { "insecure": "maybe", "proxi": { "a": 1 } }, "admin": true,
            "channel": { "namespaces": [{ "name": "ab", "presense": true }] },
        });
        let configuration = load(file, &[("CENTRIFUGO_CLIENT_INSECUR", "1")]);
        assert_eq!(
            problems(&configuration),
            [
                ("admin", &ProblemKind::Type(KeyType::Object)),
                ("channel.namespaces[0].presense", &ProblemKind::UnknownKey),
                ("client.insecure", &ProblemKind::Type(KeyType::Bool)),
                ("client.proxi", &ProblemKind::UnknownKey),
                ("CENTRIFUGO_CLIENT_INSECUR", &ProblemKind::UnknownVariable),
            ]
        );
    }

    #[test]
    fn variables_win_over_the_file() {
        let file = json!({
            "client": { "insecure": true },
            "channel": { "namespaces": [{ "name": "my-chat", "presence": true }] },
            "proxies": [{ "name": "rooms", "timeout": "2s" }],
        });
        let configuration = load(
            file,
            &[
                ("CENTRIFUGO_CLIENT_INSECURE", "false"),
                ("CENTRIFUGO_CLIENT_ALLOWED_ORIGINS", "a b"),
                (
                    "CENTRIFUGO_CHANNEL_NAMESPACES_MY_CHAT_SUBSCRIBE_PROXY_ENABLED",
                    "true",
                ),
                ("CENTRIFUGO_PROXIES_ROOMS_GRPC_CREDENTIALS_KEY", "x-key"),
                ("CENTRIFUGO_RPC_PROXY_TIMEOUT", ""),
            ],
        );
        assert!(!configuration.bool("client.insecure"));
        assert_eq!(configuration.texts("client.allowed_origins"), ["a", "b"]);
        let path = "channel.namespaces[0].subscribe_proxy_enabled";
        assert!(configuration.bool(path));
        assert_eq!(
            configuration.variable(path),
            Some("CENTRIFUGO_CHANNEL_NAMESPACES_MY_CHAT_SUBSCRIBE_PROXY_ENABLED")
        );
        assert_eq!(configuration.text("proxies[0].grpc.credentials_key"), "x-key");
        assert_eq!(configuration.nanos("proxies[0].timeout"), 2_000_000_000);
        assert!(
            problems(&configuration).is_empty(),
            "{:?}",
            configuration.problems()
        );
    }

    #[test]
    fn a_list_in_a_variable_is_put_on_the_list_of_the_file() {
        let file = json!({ "channel": { "namespaces": [
            { "name": "one", "presence": true, "history_size": 3 }, { "name": "two" }, { "name": "three" },
        ] } });
        let list = r#"[{"name":"uno","history_size":5},{"name":"dos","join_leave":true}]"#;
        let configuration = load(file.clone(), &[("CENTRIFUGO_CHANNEL_NAMESPACES", list)]);
        let names: Vec<_> = configuration
            .sections("channel.namespaces")
            .into_iter()
            .map(|(_, name)| name)
            .collect();
        assert_eq!(names, ["uno", "dos"]);
        // Go decodes JSON into the elements that are there.
        assert!(configuration.bool("channel.namespaces[0].presence"));
        assert_eq!(configuration.int("channel.namespaces[0].history_size"), 5);
        let configuration = load(file, &[("CENTRIFUGO_CHANNEL_NAMESPACES", "four")]);
        assert_eq!(configuration.len("channel.namespaces"), 4);
        let configuration = load(json!({}), &[("CENTRIFUGO_CHANNEL_NAMESPACES", r#"[{"name":1}]"#)]);
        assert_eq!(problems(&configuration).len(), 1);
    }

    #[test]
    fn expands_variables_in_maps_only() {
        let file = json!({ "rpc": { "proxy": {
            "endpoint": "${CENTRIFUGO_VAR_BACKEND}",
            "grpc": { "static_metadata": { "X-Key": "a ${CENTRIFUGO_VAR_KEY}", "y": "${CENTRIFUGO_VAR_NONE} ${HOME}" } },
        } } });
        let configuration = load(
            file,
            &[
                ("CENTRIFUGO_VAR_KEY", "secret"),
                ("CENTRIFUGO_VAR_BACKEND", "grpc://x:1"),
            ],
        );
        let map = configuration.text_map("rpc.proxy.grpc.static_metadata");
        assert_eq!(map["x-key"], "a secret");
        assert_eq!(
            problems(&configuration),
            [
                (
                    "rpc.proxy.endpoint",
                    &ProblemKind::NotExpanded("CENTRIFUGO_VAR_BACKEND".into())
                ),
                (
                    "rpc.proxy.grpc.static_metadata",
                    &ProblemKind::MissingVariable("CENTRIFUGO_VAR_NONE".into())
                ),
            ]
        );
    }
}
