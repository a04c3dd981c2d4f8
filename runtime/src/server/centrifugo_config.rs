//! Generates the part of Centrifugo's configuration (v6) that sends events to this program.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use serde_json::{Map, Value, json};

use super::served_program::ServedProgram;
use crate::event::Kind;
use crate::handler::Route;
use crate::routing::Pattern;

/// The section of the configuration that enables a kind of event.
enum Section {
    /// `client.proxy.<name>`.
    Client(&'static str),
    /// `channel.proxy.<name>`, and these options of the namespace.
    Channel(Value),
    /// `rpc.proxy`.
    Rpc,
    /// None, since only Centrifugo PRO sends it.
    Pro,
}

fn section(route: &Route) -> Section {
    match route.kind {
        Kind::Connect | Kind::Refresh => Section::Client(route.kind.name()),
        Kind::Subscribe => Section::Channel(json!({ "subscribe_proxy_enabled": true })),
        Kind::Publish => Section::Channel(json!({ "publish_proxy_enabled": true })),
        Kind::SubRefresh => Section::Channel(json!({ "sub_refresh_proxy_enabled": true })),
        Kind::SubscribeStream => {
            let mut options = json!({ "subscribe_stream_proxy_enabled": true });
            if route.takes.iter().any(|ty| ty.contains("Incoming")) {
                options["subscribe_stream_proxy_bidirectional"] = true.into();
            }
            Section::Channel(options)
        }
        Kind::MapPublish => Section::Channel(map("publish_proxy_enabled")),
        Kind::MapRemove => Section::Channel(map("remove_proxy_enabled")),
        Kind::SharedPollRefresh => Section::Channel(json!({ "subscription_type": "shared_poll" })),
        Kind::Rpc => Section::Rpc,
        Kind::NotifyChannelState | Kind::NotifyCacheEmpty => Section::Pro,
    }
}

/// Returns the options of a namespace with maps. Centrifugo requires a mode and a time to live.
fn map(proxy_option: &str) -> Value {
    json!({ "subscription_type": "map", "map": { "mode": "ephemeral", "key_ttl": "60s", proxy_option: true } })
}

/// Returns the configuration that enables the proxies of all handlers.
pub(super) fn config(program: &ServedProgram<'_>) -> Value {
    let mut config = Value::Object(Map::new());
    for route in program.routes {
        let Some(proxy) = proxy(program, route.kind) else {
            continue;
        };
        match section(route) {
            Section::Client(name) => {
                config["client"]["proxy"][name] = proxy;
                config["client"]["proxy"][name]["enabled"] = true.into();
            }
            Section::Channel(options) => {
                config["channel"]["proxy"][route.kind.name()] = proxy;
                if route.kind == Kind::SharedPollRefresh {
                    // Centrifugo does not start with an empty key. So nobody runs with a key that this banner printed.
                    config["shared_poll"]["hmac_secret_key"] = "".into();
                }
                enable(&mut config["channel"], route, options);
            }
            Section::Rpc => {
                config["rpc"]["proxy"] = proxy;
                enable(&mut config["rpc"], route, json!({ "proxy_enabled": true }));
            }
            Section::Pro => {}
        }
    }
    config
}

/// Returns the namespaces that enable the stream proxy and other proxies. Centrifugo does not start with these
/// (`internal/config/validate.go`).
pub(super) fn mixed_namespaces(config: &Value) -> Vec<&str> {
    let channel = &config["channel"];
    let named = channel["namespaces"].as_array().into_iter().flatten();
    let is_enabled = |namespace: &Value, option: &str| namespace[option] == true;
    named
        .map(|namespace| (namespace["name"].as_str().unwrap_or_default(), namespace))
        .chain([("", &channel["without_namespace"])])
        .filter(|(_, namespace)| {
            is_enabled(namespace, "subscribe_stream_proxy_enabled")
                && [
                    "subscribe_proxy_enabled",
                    "publish_proxy_enabled",
                    "sub_refresh_proxy_enabled",
                ]
                .iter()
                .any(|option| is_enabled(namespace, option))
        })
        .map(|(name, _)| name)
        .collect()
}

/// Sets options of the namespace to which a pattern belongs. A pattern without a literal namespace sets them for channels or
/// methods without a namespace.
fn enable(section: &mut Value, route: &Route, options: Value) {
    let pattern = Pattern::parse(route.pattern.unwrap_or_default()).ok();
    let prefix = pattern.as_ref().map_or("", |pattern| pattern.prefix());
    let Some((name, _)) = prefix.split_once(':') else {
        return merge(&mut section["without_namespace"], options);
    };
    if !section["namespaces"].is_array() {
        section["namespaces"] = json!([]);
    }
    let Some(namespaces) = section["namespaces"].as_array_mut() else {
        return;
    };
    match namespaces.iter_mut().find(|namespace| namespace["name"] == name) {
        Some(namespace) => merge(namespace, options),
        None => {
            let mut namespace = json!({ "name": name });
            merge(&mut namespace, options);
            namespaces.push(namespace);
        }
    }
}

/// Merges `patch` into `base`. Objects are merged, other values are replaced.
fn merge(base: &mut Value, patch: Value) {
    match patch {
        Value::Object(patch) => {
            for (key, value) in patch {
                merge(&mut base[key], value);
            }
        }
        patch => *base = patch,
    }
}

/// Returns the proxy of one kind, or `None` if the program does not listen.
fn proxy(program: &ServedProgram<'_>, kind: Kind) -> Option<Value> {
    let mut options = Map::new();
    if program.has_tls {
        let mut tls = json!({ "enabled": true });
        if program.has_mutual_tls {
            // These files do not exist, so Centrifugo reports which ones are missing.
            tls["cert_pem"] = "the file of a certificate that the CA of WORKER_TLS_CLIENT_CA signed".into();
            tls["key_pem"] = "the file of its key".into();
        }
        options.insert("tls".into(), tls);
    }
    let value = "the value of WORKER_SECRET_VALUE";
    match (program.grpc, program.http) {
        (Some(address), _) => {
            for key in program.secrets.keys().take(1) {
                options.insert("credentials_key".into(), key.into());
                options.insert("credentials_value".into(), value.into());
            }
            let static_metadata: Map<_, _> = program
                .secrets
                .keys()
                .skip(1)
                .map(|key| (key.to_owned(), "the secret of this key".into()))
                .collect();
            if !static_metadata.is_empty() {
                options.insert("static_metadata".into(), static_metadata.into());
            }
            let mut proxy = json!({ "endpoint": format!("grpc://{}", reachable(address)) });
            if !options.is_empty() {
                proxy["grpc"] = options.into();
            }
            Some(proxy)
        }
        (None, Some(address)) => {
            let headers: Map<_, _> = program
                .secrets
                .keys()
                .map(|key| (key.to_owned(), value.into()))
                .collect();
            if !headers.is_empty() {
                options.insert("static_headers".into(), headers.into());
            }
            let scheme = if program.has_tls { "https" } else { "http" };
            let endpoint = format!(
                "{scheme}://{}{}/{}",
                reachable(address),
                program.prefix,
                kind.path()?
            );
            let mut proxy = json!({ "endpoint": endpoint });
            if !options.is_empty() {
                proxy["http"] = options.into();
            }
            Some(proxy)
        }
        (None, None) => None,
    }
}

/// Replaces an unspecified address such as `0.0.0.0`, to which a client cannot connect.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
