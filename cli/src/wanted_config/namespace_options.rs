//! What a namespace of channels or rpc methods needs.

use serde_json::{Map, Value};

use super::lookup;
use super::requirement::{Requirement, Rule, Step};
use crate::centrifugo::proxies::{NOT_WITH_STREAMS, SUBSCRIBE_STREAM};
use crate::centrifugo::{Configuration, namespaces};
use crate::description::Channel;

/// A namespace, or the options of what has no namespace.
pub(super) struct NamespaceOptions<'a> {
    pub(super) place: Vec<Step>,
    pub(super) printed: &'a Map<String, Value>,
    /// The name, or `None` for `without_namespace`.
    pub(super) name: Option<&'a str>,
    pub(super) channels: &'a [Channel],
}

impl NamespaceOptions<'_> {
    /// Adds what the namespace needs. `existing` is the namespace of the configuration, if it has one.
    pub(super) fn require(&self, existing: Option<&Value>, requirements: &mut Vec<Requirement>) {
        self.require_object(&mut Vec::new(), self.printed, existing, requirements);
        let is_enabled = |option: &str| self.printed.get(option) == Some(&Value::Bool(true));
        let no_stream = NOT_WITH_STREAMS.map(|options| options.enabled);
        let conflicts: &[&str] = if is_enabled(SUBSCRIBE_STREAM.enabled) {
            &no_stream
        } else if no_stream.into_iter().any(is_enabled) {
            &[SUBSCRIBE_STREAM.enabled]
        } else {
            &[]
        };
        for option in conflicts {
            if existing
                .and_then(|existing| lookup::child(existing, option))
                .is_some()
            {
                self.push(
                    &[option],
                    &false.into(),
                    Rule::NotTrue,
                    "Centrifugo does not start with streams and other events in one namespace".to_owned(),
                    requirements,
                );
            }
        }
    }

    fn require_object(
        &self,
        keys: &mut Vec<String>,
        object: &Map<String, Value>,
        existing: Option<&Value>,
        requirements: &mut Vec<Requirement>,
    ) {
        for (key, wanted) in object {
            if keys.is_empty() && key == "name" {
                continue;
            }
            keys.push(key.clone());
            if let Value::Object(inner) = wanted {
                self.require_object(keys, inner, existing, requirements);
            } else {
                self.require_option(keys, wanted, existing, requirements);
            }
            keys.pop();
        }
        if object.is_empty() || keys.is_empty() && object.len() == 1 {
            self.push(
                &[],
                &Value::Object(Map::new()),
                Rule::Any,
                String::new(),
                requirements,
            );
        }
    }

    fn require_option(
        &self,
        keys: &[String],
        wanted: &Value,
        existing: Option<&Value>,
        requirements: &mut Vec<Requirement>,
    ) {
        let option = keys.join(".");
        let keys: Vec<_> = keys.iter().map(String::as_str).collect();
        let declaration = self
            .channels
            .iter()
            .find(|channel| channel_namespace(channel) == self.name && channel.options.contains_key(&option));
        let (rule, why) = match declaration {
            Some(channel) => (
                Rule::Same,
                format!(
                    "the channel type `{}` at {} declares it",
                    channel.short_name(),
                    channel.place()
                ),
            ),
            // Handlers of maps work with any mode. Persistent maps have no time to live.
            None if option == "map.mode" => (Rule::Any, String::new()),
            None if option == "map.key_ttl" => {
                let mode = existing.and_then(|existing| lookup::find(existing, &["map", "mode"]));
                if mode.and_then(Value::as_str) == Some("persistent") {
                    return;
                }
                (Rule::Any, String::new())
            }
            None => (Rule::Same, "a handler needs it".to_owned()),
        };
        self.push(&keys, wanted, rule, why, requirements);
    }

    fn push(
        &self,
        keys: &[&str],
        wanted: &Value,
        rule: Rule,
        why: String,
        requirements: &mut Vec<Requirement>,
    ) {
        let keys = keys.iter().map(|key| Step::Key((*key).to_owned()));
        let place = self.place.iter().cloned().chain(keys).collect();
        requirements.push(Requirement {
            place,
            wanted: wanted.clone(),
            rule,
            why,
        });
    }
}

/// Returns the namespace of a channel type.
fn channel_namespace(channel: &Channel) -> Option<&str> {
    // The program chooses namespaces by the default separators.
    namespaces::split_channel(&Configuration::default(), &channel.prefix).0
}
