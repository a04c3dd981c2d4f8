//! The part of Centrifugo's configuration (v6) that points its events here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use serde_json::{Map, Value, json};

use super::served_program::ServedProgram;
use crate::event::Kind;
use crate::handler::Route;
use crate::routing::Pattern;

/// Where a kind is configured.
enum Place {
    /// `client.proxy.<name>`.
    Client(&'static str),
    /// `channel.proxy.<name>`, and what a namespace has to say.
    Channel(Value),
    /// `rpc.proxy`.
    Rpc,
    /// Centrifugo PRO alone asks it.
    Pro,
}

fn place(route: &Route) -> Place {
    match route.kind {
        Kind::Connect | Kind::Refresh => Place::Client(route.kind.name()),
        Kind::Subscribe => Place::Channel(json!({ "subscribe_proxy_enabled": true })),
        Kind::Publish => Place::Channel(json!({ "publish_proxy_enabled": true })),
        Kind::SubRefresh => Place::Channel(json!({ "sub_refresh_proxy_enabled": true })),
        Kind::SubscribeStream => {
            let mut switches = json!({ "subscribe_stream_proxy_enabled": true });
            if route.takes.iter().any(|ty| ty.contains("Incoming")) {
                switches["subscribe_stream_proxy_bidirectional"] = true.into();
            }
            Place::Channel(switches)
        }
        Kind::MapPublish => Place::Channel(map("publish_proxy_enabled")),
        Kind::MapRemove => Place::Channel(map("remove_proxy_enabled")),
        Kind::SharedPollRefresh => Place::Channel(json!({ "subscription_type": "shared_poll" })),
        Kind::Rpc => Place::Rpc,
        Kind::NotifyChannelState | Kind::NotifyCacheEmpty => Place::Pro,
    }
}

/// A map has to have a mode, and its keys a time to live: the least that Centrifugo starts with.
fn map(switch: &str) -> Value {
    json!({ "subscription_type": "map", "map": { "mode": "ephemeral", "key_ttl": "60s", switch: true } })
}

pub(super) fn config(program: &ServedProgram<'_>) -> Value {
    let mut config = Value::Object(Map::new());
    for route in program.routes {
        let Some(proxy) = proxy(program, route.kind) else {
            continue;
        };
        match place(route) {
            Place::Client(name) => {
                config["client"]["proxy"][name] = proxy;
                config["client"]["proxy"][name]["enabled"] = true.into();
            }
            Place::Channel(switches) => {
                config["channel"]["proxy"][route.kind.name()] = proxy;
                if route.kind == Kind::SharedPollRefresh {
                    // Centrifugo does not start without one. Empty, so that nobody runs with a key that all know.
                    config["shared_poll"]["hmac_secret_key"] = "".into();
                }
                enable(&mut config["channel"], route, switches);
            }
            Place::Rpc => {
                config["rpc"]["proxy"] = proxy;
                enable(&mut config["rpc"], route, json!({ "proxy_enabled": true }));
            }
            Place::Pro => {}
        }
    }
    config
}

/// The namespaces of a configuration that Centrifugo does not start with: it has the stream proxy of a namespace alone, or
/// the others (`internal/config/validate.go`).
pub(super) fn mixed(config: &Value) -> Vec<&str> {
    let channel = &config["channel"];
    let named = channel["namespaces"].as_array().into_iter().flatten();
    let on = |namespace: &Value, switch: &str| namespace[switch] == true;
    named
        .map(|namespace| (namespace["name"].as_str().unwrap_or_default(), namespace))
        .chain([("", &channel["without_namespace"])])
        .filter(|(_, namespace)| {
            on(namespace, "subscribe_stream_proxy_enabled")
                && [
                    "subscribe_proxy_enabled",
                    "publish_proxy_enabled",
                    "sub_refresh_proxy_enabled",
                ]
                .iter()
                .any(|switch| on(namespace, switch))
        })
        .map(|(name, _)| name)
        .collect()
}

/// Switches the namespace of a pattern on. Where the pattern leaves it open, that is channels and methods without one.
fn enable(section: &mut Value, route: &Route, switches: Value) {
    let pattern = Pattern::parse(route.pattern.unwrap_or_default()).ok();
    let prefix = pattern.as_ref().map_or("", |pattern| pattern.prefix());
    let Some((name, _)) = prefix.split_once(':') else {
        return merge(&mut section["without_namespace"], switches);
    };
    if !section["namespaces"].is_array() {
        section["namespaces"] = json!([]);
    }
    let Some(namespaces) = section["namespaces"].as_array_mut() else {
        return;
    };
    match namespaces.iter_mut().find(|namespace| namespace["name"] == name) {
        Some(namespace) => merge(namespace, switches),
        None => {
            let mut namespace = json!({ "name": name });
            merge(&mut namespace, switches);
            namespaces.push(namespace);
        }
    }
}

/// Lays `over` on `base`; objects are merged, all else is replaced.
fn merge(base: &mut Value, over: Value) {
    match over {
        Value::Object(over) => {
            for (key, value) in over {
                merge(&mut base[key], value);
            }
        }
        over => *base = over,
    }
}

fn proxy(program: &ServedProgram<'_>, kind: Kind) -> Option<Value> {
    let mut options = Map::new();
    if program.tls {
        let mut tls = json!({ "enabled": true });
        if program.mutual {
            // No files of these names are there, so that Centrifugo says what is missing.
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
            let further: Map<_, _> = program
                .secrets
                .keys()
                .skip(1)
                .map(|key| (key.to_owned(), "the secret of this key".into()))
                .collect();
            if !further.is_empty() {
                options.insert("static_metadata".into(), further.into());
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
            let scheme = if program.tls { "https" } else { "http" };
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

/// `0.0.0.0` is a place to listen, not one to call.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
