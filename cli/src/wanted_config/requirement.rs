//! What a configuration must have.

use serde_json::{Map, Value};

use super::endpoint_match::EndpointMatch;
use super::lookup;
use crate::centrifugo::go_duration;
use crate::config_file::ConfigPath;

/// A value that a configuration must have.
#[derive(Clone, Debug)]
pub(super) struct Requirement {
    pub(super) place: Vec<Step>,
    pub(super) wanted: Value,
    pub(super) rule: Rule,
    /// Why a value that does not fit is replaced.
    pub(super) why: String,
}

/// A step to a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Key(String),
    /// The element of a list whose key `by` has this text.
    Element {
        by: &'static str,
        text: String,
    },
}

/// Which values of others fit.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Rule {
    /// Only the same value.
    Same,
    /// Any value. The wanted one is an example for a configuration that has none.
    Any,
    /// An endpoint that reaches the program.
    Endpoint(EndpointMatch),
    /// A time that is not shorter.
    AtLeast,
    /// Any value but `true`, or none.
    NotTrue,
}

impl Step {
    /// Returns the element of a list that has this `name`.
    pub(super) fn named(name: &str) -> Self {
        Self::Element {
            by: "name",
            text: name.to_owned(),
        }
    }
}

impl Rule {
    fn accepts(&self, value: &Value, wanted: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Same => is_same(value, wanted),
            Self::NotTrue => !is_same(value, &true.into()),
            Self::Endpoint(rule) => {
                value == wanted || value.as_str().is_some_and(|endpoint| rule.accepts(endpoint))
            }
            Self::AtLeast => match (duration(value), duration(wanted)) {
                (Some(value), Some(wanted)) => value >= wanted,
                _ => is_same(value, wanted),
            },
        }
    }
}

/// Returns a duration in nanoseconds.
fn duration(value: &Value) -> Option<i64> {
    go_duration::parse(value.as_str()?)
}

/// Whether Centrifugo reads two values as the same one: it takes `"true"` for `true`, and `60m` for `1h`.
fn is_same(a: &Value, b: &Value) -> bool {
    let text = |value: &Value| match value {
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    let is_same_text = || text(a).is_some_and(|a| text(b).is_some_and(|b| a == b));
    let is_same_time = || duration(a).is_some_and(|a| duration(b).is_some_and(|b| a == b));
    a == b || is_same_text() || is_same_time()
}

impl Requirement {
    /// Adds the value, or replaces one that does not fit. Returns the place if a value is replaced.
    ///
    /// # Errors
    ///
    /// Returns an error if the configuration has another kind of value on the way.
    pub(super) fn apply(&self, config: &mut Value) -> Result<Option<ConfigPath>, String> {
        let mut path = ConfigPath::root();
        let mut value = config;
        for step in &self.place {
            value = match step {
                Step::Key(key) => {
                    if value.is_null() {
                        *value = Value::Object(Map::new());
                    }
                    let object = value
                        .as_object_mut()
                        .ok_or_else(|| format!("`{path}` must be an object with the key `{key}`"))?;
                    let key = lookup::key(object, key).unwrap_or(key).clone();
                    path = path.key(&key);
                    object.entry(key).or_insert(Value::Null)
                }
                Step::Element { by, text } => {
                    if value.is_null() {
                        *value = Value::Array(Vec::new());
                    }
                    let list = value
                        .as_array_mut()
                        .ok_or_else(|| format!("`{path}` must be a list of objects with the key `{by}`"))?;
                    let index = lookup::position(list, by, text).unwrap_or(list.len());
                    if index == list.len() {
                        list.push(Map::from_iter([((*by).to_owned(), text.as_str().into())]).into());
                    }
                    path = path.index(index);
                    list.get_mut(index)
                        .ok_or_else(|| format!("`{path}` cannot be added"))?
                }
            };
        }
        if value.is_null() {
            *value = self.wanted.clone();
            return Ok(None);
        }
        if self.rule.accepts(value, &self.wanted) {
            return Ok(None);
        }
        *value = self.wanted.clone();
        Ok(Some(path))
    }
}
