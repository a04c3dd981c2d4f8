//! What Centrifugo's configuration must have for the handlers of a program.

use serde_json::{Map, Value};

use super::endpoint_match::EndpointMatch;
use super::lookup;
use super::namespace_options::NamespaceOptions;
use super::proxies::Proxy;
use super::requirement::{Requirement, Rule, Step};
use crate::centrifugo::ProgramAddresses;
use crate::centrifugo::proxies::{DEFAULT_NAME, OF_CHANNELS, ProxyOptions, RPC};
use crate::description::{Description, Event};

/// Returns what the configuration must have. `printed` is the configuration that the program prints, and `existing` is the one
/// that is changed. `addresses` are those to which Centrifugo can send events.
pub(super) fn requirements(
    description: &Description,
    printed: &Map<String, Value>,
    existing: &Value,
    addresses: ProgramAddresses,
    has_secrets: bool,
) -> Vec<Requirement> {
    let secret_keys = match &description.endpoint {
        Some(endpoint) if has_secrets => endpoint.secret_keys.as_slice(),
        _ => &[],
    };
    let mut maker = Maker {
        description,
        existing,
        addresses,
        secret_keys,
        requirements: Vec::new(),
    };
    for (section, content) in printed {
        match section.as_str() {
            "client" => maker.client(content),
            "channel" => maker.channel(content),
            "rpc" => maker.rpc(content),
            "grpc_api" => maker.grpc_api(content),
            // The key of shared polls is a secret, which the environment has.
            "shared_poll" => {}
            _ => maker.require(&[section], content, Rule::Any, String::new()),
        }
    }
    maker.requirements
}

struct Maker<'a> {
    description: &'a Description,
    existing: &'a Value,
    addresses: ProgramAddresses,
    secret_keys: &'a [String],
    requirements: Vec<Requirement>,
}

impl Maker<'_> {
    fn require(&mut self, keys: &[&str], wanted: &Value, rule: Rule, why: String) {
        self.requirements.push(Requirement {
            place: place(keys),
            wanted: wanted.clone(),
            rule,
            why,
        });
    }

    fn client(&mut self, content: &Value) {
        for (event, proxy) in content["proxy"].as_object().into_iter().flatten() {
            self.require(
                &["client", "proxy", event, "enabled"],
                &true.into(),
                Rule::Same,
                format!("the program has a handler of {event}"),
            );
            let mut proxy = proxy.clone();
            if let Some(proxy) = proxy.as_object_mut() {
                proxy.remove("enabled");
                self.proxy(event, proxy, None, &["client", "proxy", event]);
            }
        }
    }

    fn channel(&mut self, content: &Value) {
        for (event, proxy) in content["proxy"].as_object().into_iter().flatten() {
            let Some(proxy) = proxy.as_object() else { continue };
            let options = OF_CHANNELS
                .into_iter()
                .find(|options| options.event.name() == event);
            let names =
                options.map_or_else(Vec::new, |options| self.proxy_names("channel", content, options));
            self.proxies(event, proxy, names, &["channel", "proxy", event]);
        }
        self.namespaces("channel", content);
    }

    fn rpc(&mut self, content: &Value) {
        if let Some(proxy) = content["proxy"].as_object() {
            let names = self.proxy_names("rpc", content, RPC);
            self.proxies("rpc", proxy, names, &["rpc", "proxy"]);
        }
        self.namespaces("rpc", content);
    }

    /// Returns the names of the proxies that the existing namespaces use for an event. `None` is the default proxy.
    fn proxy_names(&self, section: &str, content: &Value, options: ProxyOptions) -> Vec<Option<String>> {
        let existing = lookup::child(self.existing, section);
        let listed = content["namespaces"].as_array().into_iter().flatten();
        let listed = listed.map(|namespace| {
            (
                namespace,
                lookup::named(
                    existing.and_then(|section| lookup::child(section, "namespaces")),
                    name_of(namespace),
                ),
            )
        });
        let without = content.get("without_namespace").map(|options| {
            (
                options,
                existing.and_then(|section| lookup::child(section, "without_namespace")),
            )
        });
        let mut names: Vec<_> = listed
            .chain(without)
            .filter(
                |(namespace, _)| match lookup::option(namespace, options.enabled) {
                    Some(Value::String(kind)) => kind == "shared_poll",
                    Some(value) => *value == Value::Bool(true),
                    None => false,
                },
            )
            .map(|(_, existing)| {
                let name = existing
                    .and_then(|existing| lookup::option(existing, options.name))
                    .and_then(Value::as_str);
                name.filter(|name| !name.is_empty() && *name != DEFAULT_NAME)
                    .map(str::to_owned)
            })
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn proxies(
        &mut self,
        event: &str,
        proxy: &Map<String, Value>,
        names: Vec<Option<String>>,
        default: &[&str],
    ) {
        // Handlers of patterns without a literal namespace use the default proxy.
        let names = if names.is_empty() { vec![None] } else { names };
        for name in names {
            self.proxy(event, proxy, name, default);
        }
    }

    fn proxy(&mut self, event: &str, printed: &Map<String, Value>, name: Option<String>, default: &[&str]) {
        let Some(event) = Event::ALL.into_iter().find(|known| known.name() == event) else {
            return;
        };
        let (place, existing) = match &name {
            None => (place(default), lookup::find(self.existing, default)),
            Some(name) => (
                vec![Step::Key("proxies".to_owned()), Step::named(name)],
                lookup::named(lookup::child(self.existing, "proxies"), name),
            ),
        };
        let proxy = Proxy {
            place,
            printed,
            endpoints: EndpointMatch {
                addresses: self.addresses.clone(),
                event,
                checks_path: name.is_none(),
            },
            secret_keys: self.secret_keys,
            limit_ms: self
                .description
                .handlers
                .iter()
                .filter(|handler| handler.event == event)
                .filter_map(|handler| handler.timeout_ms)
                .max(),
        };
        proxy.require(existing, &mut self.requirements);
    }

    fn namespaces(&mut self, section: &str, content: &Value) {
        let existing = lookup::child(self.existing, section);
        let channels: &[_] = if section == "channel" {
            &self.description.channels
        } else {
            &[]
        };
        for namespace in content["namespaces"].as_array().into_iter().flatten() {
            let (Some(printed), name) = (namespace.as_object(), name_of(namespace)) else {
                continue;
            };
            let mut place = place(&[section, "namespaces"]);
            place.push(Step::named(name));
            let existing = lookup::named(
                existing.and_then(|section| lookup::child(section, "namespaces")),
                name,
            );
            let options = NamespaceOptions {
                place,
                printed,
                name: Some(name),
                channels,
            };
            options.require(existing, &mut self.requirements);
        }
        if let Some(printed) = content["without_namespace"].as_object() {
            let existing = existing.and_then(|section| lookup::child(section, "without_namespace"));
            let options = NamespaceOptions {
                place: place(&[section, "without_namespace"]),
                printed,
                name: None,
                channels,
            };
            options.require(existing, &mut self.requirements);
        }
    }

    fn grpc_api(&mut self, content: &Value) {
        // An address is there if Centrifugo is on the same host, and then the port is the one that the program calls.
        let is_local = content.get("address").is_some();
        for (option, wanted) in content.as_object().into_iter().flatten() {
            let rule = match option.as_str() {
                "enabled" => Rule::Same,
                "port" if is_local => Rule::Same,
                _ => Rule::Any,
            };
            let is_default =
                option == "port" && *wanted == 10000 && lookup::find(self.existing, &["grpc_api"]).is_some();
            if is_default && lookup::find(self.existing, &["grpc_api", "port"]).is_none() {
                continue;
            }
            self.require(
                &["grpc_api", option],
                wanted,
                rule,
                "the program calls the server API there".to_owned(),
            );
        }
    }
}

fn place(keys: &[&str]) -> Vec<Step> {
    keys.iter().map(|key| Step::Key((*key).to_owned())).collect()
}

fn name_of(namespace: &Value) -> &str {
    namespace["name"].as_str().unwrap_or_default()
}
