//! Generates the part of Centrifugo's configuration (v6) that sends events to this program.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::handler_warnings::is_called;
use super::served_program::ServedProgram;
use crate::channel::{ChannelInfo, Namespace, OptionValue};
use crate::event::Kind;
use crate::handler::{OtherNeed, Route};
use crate::routing::Pattern;
use crate::startup::route_namespace;

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
            if route.needs(OtherNeed::ClientStream) {
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

/// Returns the configuration that enables the proxies of all handlers that Centrifugo can call.
pub(super) fn config(program: &ServedProgram<'_>) -> Value {
    let mut config = Value::Object(Map::new());
    for info in &program.channel_types {
        if let Ok(pattern) = Pattern::parse(info.pattern) {
            let namespace = Some(Namespace::of_channels(&pattern));
            enable(&mut config, "channel", namespace, &declared_options(info));
        }
    }
    for route in program.routes {
        if !is_called(route) {
            // Centrifugo must know the namespaces of private channels, to which clients subscribe with a token.
            if route.kind == Kind::Subscribe {
                enable(&mut config, "channel", route_namespace(route), &json!({}));
            }
            continue;
        }
        let Some(mut proxy) = proxy(program, route.kind) else {
            continue;
        };
        add_needs(&mut proxy, program.routes, route.kind);
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
                enable(&mut config, "channel", route_namespace(route), &options);
            }
            Section::Rpc => {
                config["rpc"]["proxy"] = proxy;
                enable(
                    &mut config,
                    "rpc",
                    route_namespace(route),
                    &json!({ "proxy_enabled": true }),
                );
            }
            Section::Pro => {}
        }
    }
    if let Some(grpc_api) = program.api_url.and_then(grpc_api) {
        config["grpc_api"] = grpc_api;
    }
    config
}

/// Returns the section that enables the gRPC API, which is off by default, at the URL that the program calls. Centrifugo's HTTP
/// API is on.
fn grpc_api(url: &str) -> Option<Value> {
    let address = url
        .strip_prefix("grpc://")
        .or_else(|| url.strip_prefix("grpcs://"))?;
    let (host, port) = address.rsplit_once(':')?;
    let mut section = json!({ "enabled": true, "port": port.parse::<u16>().ok()? });
    // Another host is Centrifugo's, which may have a different address for itself.
    if host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()) {
        section["address"] = host.into();
    }
    Some(section)
}

/// How long Centrifugo waits for an answer if its configuration has no `timeout` (`internal/configtypes/types.go`).
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(1);

/// Adds the options that the handlers of a kind need of its proxy: the meta of the connection, and the longest `timeout` of
/// their attributes if Centrifugo waits for less time otherwise. A shorter one would also apply to handlers without `timeout`.
fn add_needs(proxy: &mut Value, routes: &[&'static Route], kind: Kind) {
    let routes = || routes.iter().filter(|route| route.kind == kind);
    if routes().any(|route| route.needs(OtherNeed::ConnectionMeta)) {
        proxy["include_connection_meta"] = true.into();
    }
    let longest = routes().filter_map(|route| route.timeout).max();
    if let Some(timeout) = longest.filter(|timeout| *timeout > DEFAULT_TIMEOUT) {
        proxy["timeout"] = format!("{}ms", timeout.as_millis()).into();
    }
}

/// Returns a text that names the handlers whose namespaces are not in the configuration, because their patterns have no literal
/// namespace. Returns `None` if there are no such handlers.
pub(super) fn unknown_namespaces(routes: &[&Route]) -> Option<String> {
    let unknown = routes.iter().filter(|route| {
        is_called(route) && matches!(route_namespace(route), Some(Namespace::Unknown { .. }))
    });
    let mut text = String::new();
    for route in unknown {
        let _ = write!(
            text,
            "\n  {} `{}` of `{}` at {}:{}",
            route.kind,
            route.pattern.unwrap_or_default(),
            route.name,
            route.file,
            route.line
        );
    }
    (!text.is_empty()).then(|| {
        format!(
            "this configuration does not have all namespaces: the patterns of these handlers match any namespace; enable their proxies in \
             each namespace that they serve:{text}"
        )
    })
}

/// Returns the options that a channel type declares for its namespace.
fn declared_options(info: &ChannelInfo) -> Value {
    let mut options = json!({});
    for option in info.options {
        let place = option
            .name
            .split('.')
            .fold(&mut options, |place, key| &mut place[key]);
        *place = match option.value {
            OptionValue::Bool(value) => value.into(),
            OptionValue::Int(value) => value.into(),
            OptionValue::Text(value) => value.into(),
            OptionValue::List(values) => values.into(),
        };
    }
    options
}

/// Sets options of a namespace. Does nothing if the namespace is not known.
fn enable(config: &mut Value, section: &str, namespace: Option<Namespace>, options: &Value) {
    let name = match namespace {
        Some(Namespace::Named(name)) => name,
        Some(Namespace::Without | Namespace::Unknown { or_without: true }) => {
            if options.as_object().is_some_and(|options| !options.is_empty()) {
                add_options(&mut config[section]["without_namespace"], options);
            }
            return;
        }
        Some(Namespace::Refused(_) | Namespace::Unknown { or_without: false }) | None => return,
    };
    let section = &mut config[section];
    if !section["namespaces"].is_array() {
        section["namespaces"] = json!([]);
    }
    let Some(namespaces) = section["namespaces"].as_array_mut() else {
        return;
    };
    match namespaces.iter_mut().find(|namespace| namespace["name"] == name) {
        Some(namespace) => add_options(namespace, options),
        None => {
            let mut namespace = json!({ "name": name });
            add_options(&mut namespace, options);
            namespaces.push(namespace);
        }
    }
}

/// Adds options to a namespace. The mode and the time to live of maps that a channel type declares stay: those that a handler
/// adds are only examples. A declared mode may need no time to live.
fn add_options(namespace: &mut Value, options: &Value) {
    let declared = namespace.get("map").cloned().unwrap_or_default();
    merge(namespace, options);
    let Some(map) = namespace.get_mut("map").and_then(Value::as_object_mut) else {
        return;
    };
    if declared.get("mode").is_some() {
        map.remove("key_ttl");
    }
    for key in ["mode", "key_ttl"] {
        if let Some(value) = declared.get(key) {
            map.insert(key.to_owned(), value.clone());
        }
    }
}

/// Merges `patch` into `base`. Objects are merged, other values are replaced.
fn merge(base: &mut Value, patch: &Value) {
    match patch {
        Value::Object(patch) => {
            for (key, value) in patch {
                merge(&mut base[key], value);
            }
        }
        patch => *base = patch.clone(),
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
    match (&program.grpc, &program.http) {
        (Some(address), _) => {
            for key in program.secret_keys.iter().take(1) {
                options.insert("credentials_key".into(), (*key).into());
                options.insert("credentials_value".into(), value.into());
            }
            let static_metadata: Map<_, _> = program
                .secret_keys
                .iter()
                .skip(1)
                .map(|key| ((*key).to_owned(), "the secret of this key".into()))
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
                .secret_keys
                .iter()
                .map(|key| ((*key).to_owned(), value.into()))
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

/// Replaces an unspecified address such as `0.0.0.0`, to which a client cannot connect. Returns names of hosts unchanged.
fn reachable(address: &str) -> String {
    let Ok(address) = address.parse::<SocketAddr>() else {
        return address.to_owned();
    };
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port()).to_string()
}
