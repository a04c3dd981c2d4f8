//! The configuration for a development setup.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// What `dev` chooses for Centrifugo.
#[derive(Clone, Debug)]
pub(crate) struct DevSettings {
    /// The port of its clients.
    pub(crate) port: u16,
    /// The port of its gRPC API.
    pub(crate) api_port: u16,
    /// The key of its API.
    pub(crate) api_key: String,
    /// The key of tokens.
    pub(crate) token_key: String,
}

/// The origins of pages on this machine.
pub(super) const LOCAL_ORIGINS: [&str; 4] = [
    "http://localhost:*",
    "http://127.0.0.1:*",
    "http://localhost",
    "http://127.0.0.1",
];

/// Adds what a development setup needs to the configuration that is made from the handlers.
pub(crate) fn configuration(from_handlers: Option<&Map<String, Value>>, settings: &DevSettings) -> Value {
    let mut config = Value::Object(from_handlers.cloned().unwrap_or_default());
    set(&mut config, "/http_server/address", "127.0.0.1".into());
    // Centrifugo's documentation has this port as text.
    set(&mut config, "/http_server/port", settings.port.to_string().into());
    set(
        &mut config,
        "/client/allowed_origins",
        LOCAL_ORIGINS.as_slice().into(),
    );
    set(
        &mut config,
        "/client/token/hmac_secret_key",
        settings.token_key.clone().into(),
    );
    set(&mut config, "/log/level", "warn".into());
    let api = json!({
        "enabled": true, "address": "127.0.0.1", "port": settings.api_port, "key": settings.api_key,
    });
    for (name, value) in api.as_object().into_iter().flatten() {
        set(&mut config, &format!("/grpc_api/{name}"), value.clone());
    }
    if config.get("shared_poll").is_some() {
        // The handlers' part has an empty key, with which Centrifugo does not start.
        config["shared_poll"]["hmac_secret_key"] = settings.token_key.clone().into();
    }
    config
}

/// Sets a member if it is missing. `path` is a JSON pointer.
fn set(config: &mut Value, path: &str, value: Value) {
    let mut place = config;
    for name in path.split('/').skip(1) {
        if !place.is_object() {
            *place = json!({});
        }
        place = &mut place[name];
    }
    if place.is_null() {
        *place = value;
    }
}

/// Whether Centrifugo has to be started again to use a changed configuration. It reads the options of channels and of rpc
/// namespaces again on SIGHUP, but makes its proxies only when it starts.
pub(crate) fn needs_restart(old: &Value, new: &Value) -> bool {
    without_options(old.clone()) != without_options(new.clone()) || enabled(old) != enabled(new)
}

const OPTIONS: [&str; 2] = ["namespaces", "without_namespace"];

fn without_options(mut config: Value) -> Value {
    for section in ["channel", "rpc"] {
        if let Some(section) = config.get_mut(section).and_then(Value::as_object_mut) {
            section.retain(|name, _| !OPTIONS.contains(&name.as_str()));
        }
        // A section that has only these is not there at all without them.
        if config.get(section) == Some(&json!({}))
            && let Some(config) = config.as_object_mut()
        {
            config.remove(section);
        }
    }
    config
}

/// Returns the names of the options that use a proxy.
fn enabled(config: &Value) -> BTreeSet<String> {
    fn collect(section: &str, value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    if name.contains("proxy") || name == "subscription_type" {
                        names.insert(format!("{section}.{name}={member}"));
                    }
                    collect(section, member, names);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(section, item, names)),
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    for section in ["channel", "rpc"] {
        for options in OPTIONS {
            if let Some(value) = config.get(section).and_then(|section| section.get(options)) {
                collect(section, value, &mut names);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> DevSettings {
        DevSettings {
            port: 8000,
            api_port: 10000,
            api_key: "a".into(),
            token_key: "t".into(),
        }
    }

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn adds_what_development_needs() {
        let handlers = map(json!({
            "client": { "proxy": { "connect": { "enabled": true } } },
            "grpc_api": { "enabled": true, "port": 7 },
            "shared_poll": { "hmac_secret_key": "" },
        }));
        let config = configuration(Some(&handlers), &settings());
        assert_eq!(config["client"]["proxy"], handlers["client"]["proxy"]);
        assert_eq!(
            config["grpc_api"],
            json!({ "enabled": true, "port": 7, "address": "127.0.0.1", "key": "a" })
        );
        assert_eq!(config["shared_poll"]["hmac_secret_key"], "t");
        assert_eq!(config["http_server"]["port"], "8000");
        assert!(
            configuration(None, &settings())["client"]["allowed_origins"]
                .as_array()
                .is_some()
        );
    }

    #[test]
    fn restarts_only_for_what_a_reload_does_not_read() {
        let old = json!({
            "client": { "proxy": {} },
            "channel": { "namespaces": [{ "name": "chat", "subscribe_proxy_enabled": true }] },
        });
        let with_namespace = |namespace: Value| {
            let mut new = old.clone();
            new["channel"]["namespaces"]
                .as_array_mut()
                .unwrap()
                .push(namespace);
            new
        };
        assert!(!needs_restart(&old, &old));
        let same_proxy = with_namespace(json!({ "name": "news", "subscribe_proxy_enabled": true }));
        assert!(!needs_restart(&old, &same_proxy));
        let other_proxy = with_namespace(json!({ "name": "news", "publish_proxy_enabled": true }));
        assert!(needs_restart(&old, &other_proxy));
        let mut new = old.clone();
        new["client"]["proxy"]["connect"] = json!({ "enabled": true });
        assert!(needs_restart(&old, &new));
    }
}
