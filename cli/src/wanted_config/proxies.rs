//! What the proxy of an event needs.

use serde_json::{Map, Value};

use super::endpoint_match::EndpointMatch;
use super::lookup;
use super::requirement::{Requirement, Rule, Step};
use super::secret_variables;

/// How long Centrifugo waits for an answer without `timeout`.
const DEFAULT_TIMEOUT_MS: u64 = 1_000;

/// The proxy of a kind of event, as the program prints it.
pub(super) struct Proxy<'a> {
    pub(super) place: Vec<Step>,
    pub(super) printed: &'a Map<String, Value>,
    pub(super) endpoints: EndpointMatch,
    pub(super) secret_keys: &'a [String],
    /// The longest time limit of the attributes of its handlers.
    pub(super) limit_ms: Option<u64>,
}

impl Proxy<'_> {
    /// Whether Centrifugo speaks gRPC: with the endpoint of the configuration, if it stays, otherwise with the printed one.
    fn is_grpc(&self, existing: Option<&Value>) -> bool {
        let existing = existing
            .and_then(|existing| lookup::text(existing, "endpoint"))
            .filter(|endpoint| self.endpoints.accepts(endpoint));
        let printed = || self.printed.get("endpoint").and_then(Value::as_str);
        existing
            .or_else(printed)
            .is_some_and(|endpoint| !is_http(endpoint))
    }

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
        let event = self.endpoints.event;
        let is_grpc = self.is_grpc(existing);
        let section = if is_grpc { "grpc" } else { "http" };
        for (key, wanted) in self.printed {
            match key.as_str() {
                "endpoint" => {
                    let rule = Rule::Endpoint(self.endpoints.clone());
                    require(&[key], wanted, rule, format!("the program answers {event} there"));
                }
                // Comes below.
                "timeout" => {}
                // The options of the other protocol have no effect.
                "grpc" | "http" if key != section => {}
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
        let has_timeout = existing.is_some_and(|existing| lookup::child(existing, "timeout").is_some());
        if let Some(limit) = self
            .limit_ms
            .filter(|limit| has_timeout || *limit > DEFAULT_TIMEOUT_MS)
        {
            require(
                &["timeout"],
                &format!("{limit}ms").into(),
                Rule::AtLeast,
                format!("a handler of {event} has this time limit"),
            );
        }
        let pairs = if is_grpc {
            "static_metadata"
        } else {
            "static_headers"
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

fn is_http(endpoint: &str) -> bool {
    endpoint.starts_with("http://") || endpoint.starts_with("https://")
}
