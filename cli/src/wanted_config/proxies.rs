//! What the proxy of an event needs.

use serde_json::{Map, Value};

use super::lookup;
use super::requirement::{Requirement, Rule, Step};
use super::secret_variables;
use crate::centrifugo::go_duration;

/// The proxy of a kind of event, as the program prints it.
pub(super) struct Proxy<'a> {
    pub(super) place: Vec<Step>,
    pub(super) printed: &'a Map<String, Value>,
    /// Whether the proxy has a name, so that several kinds of events can share it.
    pub(super) is_named: bool,
    pub(super) secret_keys: &'a [String],
    /// The kind of event.
    pub(super) event: &'a str,
}

impl Proxy<'_> {
    /// Adds what the proxy needs. `existing` is the proxy of the configuration, if it has one.
    pub(super) fn require(&self, existing: Option<&Value>, requirements: &mut Vec<Requirement>) {
        let mut require = |keys: &[&str], wanted: &Value, rule: Rule, why: String| {
            let keys = keys.iter().map(|key| Step::Key((*key).to_owned()));
            let place = self.place.iter().cloned().chain(keys).collect();
            requirements.push(Requirement {
                place,
                wanted: wanted.clone(),
                rule,
                why,
            });
        };
        let event = self.event;
        for (key, wanted) in self.printed {
            match key.as_str() {
                "endpoint" => {
                    let rule = Rule::Endpoint {
                        checks_path: !self.is_named,
                    };
                    require(&[key], wanted, rule, format!("the program answers {event} there"));
                }
                // Centrifugo waits longer by default.
                "timeout"
                    if is_short(wanted)
                        && existing
                            .and_then(|existing| lookup::child(existing, key))
                            .is_none() => {}
                "timeout" => {
                    require(
                        &[key],
                        wanted,
                        Rule::AtLeast,
                        format!("a handler of {event} has this time limit"),
                    );
                }
                "grpc" | "http" => {
                    for (inner, wanted) in wanted.as_object().into_iter().flatten() {
                        match (inner.as_str(), wanted) {
                            ("tls", Value::Object(tls)) => {
                                for (option, wanted) in tls {
                                    let rule = if option == "enabled" {
                                        Rule::Same
                                    } else {
                                        Rule::Any
                                    };
                                    require(
                                        &[key, "tls", option],
                                        wanted,
                                        rule,
                                        "the program requires TLS".to_owned(),
                                    );
                                }
                            }
                            // Secrets come below.
                            _ if secret_variables::is_secret(inner) => {}
                            _ => require(
                                &[key, inner],
                                wanted,
                                Rule::Same,
                                format!("the handlers of {event} need it"),
                            ),
                        }
                    }
                }
                _ => require(
                    &[key],
                    wanted,
                    Rule::Same,
                    format!("a handler of {event} needs it"),
                ),
            }
        }
        let is_grpc = self
            .printed
            .get("endpoint")
            .and_then(Value::as_str)
            .is_some_and(|text| text.starts_with("grpc"));
        let (section, pairs) = if is_grpc {
            ("grpc", "static_metadata")
        } else {
            ("http", "static_headers")
        };
        let options = existing.and_then(|existing| lookup::child(existing, section));
        // Centrifugo splits the keys of objects at dots, and therefore takes lists of pairs, too.
        let is_list = match options.and_then(|options| lookup::child(options, pairs)) {
            Some(existing) => existing.is_array(),
            None => self.secret_keys.iter().any(|key| key.contains('.')),
        };
        for (index, key) in self.secret_keys.iter().enumerate() {
            if !options.is_some_and(|options| secret_variables::has_key(options, pairs, key)) {
                let last = if is_list {
                    let element = Step::Element {
                        by: "key",
                        text: key.clone(),
                    };
                    vec![element, Step::Key("value".to_owned())]
                } else {
                    vec![Step::Key(key.clone())]
                };
                let keys = [section, pairs].map(|key| Step::Key(key.to_owned()));
                requirements.push(Requirement {
                    place: self.place.iter().cloned().chain(keys).chain(last).collect(),
                    wanted: secret_variables::reference(index).into(),
                    rule: Rule::Any,
                    why: String::new(),
                });
            }
        }
    }
}

/// Whether a time is not longer than Centrifugo's default of 1 s.
fn is_short(time: &Value) -> bool {
    time.as_str()
        .and_then(go_duration::parse)
        .is_some_and(|nanos| nanos <= 1_000_000_000)
}
