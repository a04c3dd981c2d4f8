//! The part of Centrifugo's configuration (v6) that points its events here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use serde_json::{Map, Value, json};

use super::notice::Notice;
use crate::dispatch::Route;
use crate::dispatch::pattern::Pattern;
use crate::event::Kind;

/// Where a kind is configured.
enum Place {
    /// `client.proxy.<name>`.
    Client(&'static str),
    /// `channel.proxy.<name>`, and the switch of a namespace.
    Channel(&'static str, &'static str),
    /// `rpc.proxy`.
    Rpc,
    /// Centrifugo PRO alone asks it.
    Pro,
}

fn place(kind: Kind) -> Place {
    match kind {
        Kind::Connect => Place::Client("connect"),
        Kind::Refresh => Place::Client("refresh"),
        Kind::Subscribe => Place::Channel("subscribe", "subscribe_proxy_enabled"),
        Kind::Publish => Place::Channel("publish", "publish_proxy_enabled"),
        Kind::SubRefresh => Place::Channel("sub_refresh", "sub_refresh_proxy_enabled"),
        Kind::Rpc => Place::Rpc,
        Kind::NotifyChannelState | Kind::NotifyCacheEmpty => Place::Pro,
    }
}

pub(super) fn config(notice: &Notice<'_>) -> Value {
    let mut config = Value::Object(Map::new());
    for route in notice.routes {
        let proxy = proxy(notice, route.kind);
        match place(route.kind) {
            Place::Client(name) => {
                config["client"]["proxy"][name] = proxy;
                config["client"]["proxy"][name]["enabled"] = true.into();
            }
            Place::Channel(name, switch) => {
                config["channel"]["proxy"][name] = proxy;
                enable(&mut config["channel"], route, switch);
            }
            Place::Rpc => {
                config["rpc"]["proxy"] = proxy;
                enable(&mut config["rpc"], route, "proxy_enabled");
            }
            Place::Pro => {}
        }
    }
    config
}

/// Switches the namespace of a pattern on. Where the pattern leaves it open, that is channels and methods without one.
fn enable(section: &mut Value, route: &Route, switch: &'static str) {
    let pattern = Pattern::parse(route.pattern.unwrap_or_default()).ok();
    let prefix = pattern
        .as_ref()
        .map_or("", |pattern| pattern.exact().unwrap_or_else(|| pattern.prefix()));
    let Some((name, _)) = prefix.split_once(':') else {
        section["without_namespace"][switch] = true.into();
        return;
    };
    if !section["namespaces"].is_array() {
        section["namespaces"] = json!([]);
    }
    let Some(namespaces) = section["namespaces"].as_array_mut() else {
        return;
    };
    match namespaces.iter_mut().find(|namespace| namespace["name"] == name) {
        Some(namespace) => namespace[switch] = true.into(),
        None => namespaces.push(json!({ "name": name, switch: true })),
    }
}

fn proxy(notice: &Notice<'_>, kind: Kind) -> Value {
    let mut options = Map::new();
    if notice.tls {
        options.insert("tls".into(), json!({ "enabled": true }));
    }
    let value = "the value of WORKER_SECRET_VALUE";
    match (notice.grpc, notice.http) {
        (Some(address), _) => {
            for key in notice.secrets.keys().take(1) {
                options.insert("credentials_key".into(), key.into());
                options.insert("credentials_value".into(), value.into());
            }
            let further: Map<_, _> = notice
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
            proxy
        }
        (None, Some(address)) => {
            let headers: Map<_, _> = notice
                .secrets
                .keys()
                .map(|key| (key.to_owned(), value.into()))
                .collect();
            if !headers.is_empty() {
                options.insert("static_headers".into(), headers.into());
            }
            let scheme = if notice.tls { "https" } else { "http" };
            let endpoint = format!(
                "{scheme}://{}{}/{}",
                reachable(address),
                notice.prefix,
                kind.path()
            );
            let mut proxy = json!({ "endpoint": endpoint });
            if !options.is_empty() {
                proxy["http"] = options.into();
            }
            proxy
        }
        (None, None) => Value::Null,
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
