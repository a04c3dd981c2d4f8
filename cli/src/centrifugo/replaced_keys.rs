//! Keys of Centrifugo 3, 4 and 5, and what stands in their place in version 6.

/// What stands in the place of an old key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replacement {
    /// A key.
    Key(&'static str),
    /// An option of this name in the same namespace or proxy.
    Sibling(&'static str),
    /// A key, and what else has to be set.
    With(&'static str, &'static str),
    /// Nothing, for this reason.
    Gone(&'static str),
}

use Replacement::{Gone, Key, Sibling, With};

/// The flat keys that move as a group: the old prefix, and the section.
const PREFIXES: &[(&str, &str)] = &[
    ("grpc_api_tls_", "grpc_api.tls."),
    ("grpc_api_", "grpc_api."),
    ("uni_grpc_tls_", "uni_grpc.tls."),
    ("uni_grpc_", "uni_grpc."),
    ("uni_websocket_", "uni_websocket."),
    ("uni_http_stream_", "uni_http_stream."),
    ("uni_sse_", "uni_sse."),
    ("http_stream_", "http_stream."),
    ("sse_", "sse."),
    ("websocket_", "websocket."),
    ("webtransport_", "webtransport."),
    ("subscription_token_", "client.subscription_token."),
    ("token_", "client.token."),
    ("redis_", "engine.redis."),
    ("nats_", "broker.nats."),
    ("graphite_", "graphite."),
    ("emulation_", "emulation."),
    ("tls_autocert_", "http_server.tls_autocert."),
    ("admin_", "admin."),
    ("api_", "http_api."),
    ("prometheus_", "prometheus."),
    ("health_", "health."),
    ("swagger_", "swagger."),
    ("log_", "log."),
    ("channel_", "channel."),
    ("client_", "client."),
    ("shutdown_", "shutdown."),
    ("opentelemetry_", "opentelemetry."),
];

/// Keys that were a switch, and are a section now.
const SWITCHES: &[&str] = &[
    "admin",
    "prometheus",
    "health",
    "swagger",
    "debug",
    "uni_websocket",
    "uni_sse",
    "uni_http_stream",
    "uni_grpc",
    "sse",
    "http_stream",
    "webtransport",
    "grpc_api",
    "graphite",
    "opentelemetry",
];

const PROXY: &str = "each proxy has its own; set it for all proxies that need it";

const KEYS: &[(&str, Replacement)] = &[
    ("address", Key("http_server.address")),
    ("port", Key("http_server.port")),
    ("internal_address", Key("http_server.internal_address")),
    ("internal_port", Key("http_server.internal_port")),
    ("tls", Key("http_server.tls.enabled")),
    ("tls_cert", Key("http_server.tls.cert_pem")),
    ("tls_key", Key("http_server.tls.key_pem")),
    ("tls_cert_pem", Key("http_server.tls.cert_pem")),
    ("tls_key_pem", Key("http_server.tls.key_pem")),
    ("tls_external", Key("http_server.tls_external")),
    ("tls_autocert", Key("http_server.tls_autocert.enabled")),
    ("http3", Key("http_server.http3.enabled")),
    ("name", Key("node.name")),
    (
        "node_info_metrics_aggregate_interval",
        Key("node.info_metrics_aggregate_interval"),
    ),
    ("gomaxprocs", Gone("set the variable GOMAXPROCS")),
    ("engine", Key("engine.type")),
    ("broker", With("broker.type", "`broker.enabled: true`")),
    ("allowed_origins", Key("client.allowed_origins")),
    ("namespaces", Key("channel.namespaces")),
    ("rpc_namespaces", Key("rpc.namespaces")),
    ("rpc_namespace_boundary", Key("rpc.namespace_boundary")),
    ("rpc_ping", Key("rpc.ping.enabled")),
    ("rpc_ping_method", Key("rpc.ping.method")),
    ("ping_interval", Key("client.ping_interval")),
    ("pong_timeout", Key("client.pong_timeout")),
    (
        "allow_anonymous_connect_without_token",
        Key("client.allow_anonymous_connect_without_token"),
    ),
    (
        "client_anonymous",
        Key("client.allow_anonymous_connect_without_token"),
    ),
    (
        "disallow_anonymous_connection_tokens",
        Key("client.disallow_anonymous_connection_tokens"),
    ),
    (
        "separate_subscription_token_config",
        Key("client.subscription_token.enabled"),
    ),
    ("client_insecure", Key("client.insecure")),
    (
        "user_subscribe_to_personal",
        Key("client.subscribe_to_user_personal_channel.enabled"),
    ),
    (
        "user_personal_channel_namespace",
        Key("client.subscribe_to_user_personal_channel.personal_channel_namespace"),
    ),
    (
        "user_personal_single_connection",
        Key("client.subscribe_to_user_personal_channel.single_connection"),
    ),
    ("global_history_meta_ttl", Key("channel.history_meta_ttl")),
    ("global_presence_ttl", Key("engine.redis.presence_ttl")),
    (
        "global_redis_presence_user_mapping",
        Key("engine.redis.presence_user_mapping"),
    ),
    (
        "redis_presence_hash_field_ttl",
        Key("engine.redis.presence_hash_field_ttl"),
    ),
    ("api_key", Key("http_api.key")),
    ("api_insecure", Key("http_api.insecure")),
    ("api_external", Key("http_api.external")),
    ("api_disable", Key("http_api.disabled")),
    ("websocket_disable", Key("websocket.disabled")),
    ("usage_stats_disable", Gone("set `usage_stats.enabled: false`")),
    (
        "proxy_connect_endpoint",
        With(
            "client.proxy.connect.endpoint",
            "`client.proxy.connect.enabled: true`",
        ),
    ),
    ("proxy_connect_timeout", Key("client.proxy.connect.timeout")),
    (
        "proxy_refresh_endpoint",
        With(
            "client.proxy.refresh.endpoint",
            "`client.proxy.refresh.enabled: true`",
        ),
    ),
    ("proxy_refresh_timeout", Key("client.proxy.refresh.timeout")),
    (
        "proxy_rpc_endpoint",
        With(
            "rpc.proxy.endpoint",
            "`rpc.without_namespace.proxy_enabled: true`",
        ),
    ),
    ("proxy_rpc_timeout", Key("rpc.proxy.timeout")),
    (
        "proxy_subscribe_endpoint",
        Key("channel.proxy.subscribe.endpoint"),
    ),
    ("proxy_subscribe_timeout", Key("channel.proxy.subscribe.timeout")),
    ("proxy_publish_endpoint", Key("channel.proxy.publish.endpoint")),
    ("proxy_publish_timeout", Key("channel.proxy.publish.timeout")),
    (
        "proxy_sub_refresh_endpoint",
        Key("channel.proxy.sub_refresh.endpoint"),
    ),
    (
        "proxy_sub_refresh_timeout",
        Key("channel.proxy.sub_refresh.timeout"),
    ),
    (
        "proxy_subscribe_stream_endpoint",
        Key("channel.proxy.subscribe_stream.endpoint"),
    ),
    (
        "proxy_subscribe_stream_timeout",
        Key("channel.proxy.subscribe_stream.timeout"),
    ),
    ("proxy_http_headers", With("http_headers", PROXY)),
    ("proxy_grpc_metadata", With("grpc_metadata", PROXY)),
    ("proxy_static_http_headers", With("http.static_headers", PROXY)),
    (
        "proxy_http_status_code_transforms",
        With("http.status_to_code_transforms", PROXY),
    ),
    ("proxy_binary_encoding", With("binary_encoding", PROXY)),
    (
        "proxy_include_connection_meta",
        With("include_connection_meta", PROXY),
    ),
    ("proxy_grpc_cert_file", With("grpc.tls", PROXY)),
    ("proxy_grpc_tls", With("grpc.tls", PROXY)),
    ("proxy_grpc_compression", With("grpc.compression", PROXY)),
    ("proxy_grpc_credentials_key", With("grpc.credentials_key", PROXY)),
    (
        "proxy_grpc_credentials_value",
        With("grpc.credentials_value", PROXY),
    ),
    ("granular_proxy_mode", Gone("proxies with names always work")),
    (
        "connect_proxy_name",
        Gone("set `client.proxy.connect`, whose proxy has no name"),
    ),
    (
        "refresh_proxy_name",
        Gone("set `client.proxy.refresh`, whose proxy has no name"),
    ),
    (
        "rpc_proxy_name",
        With(
            "rpc.without_namespace.proxy_name",
            "`rpc.without_namespace.proxy_enabled: true`",
        ),
    ),
    ("sockjs", Gone("use `http_stream` or `sse`")),
    ("sockjs_url", Gone("use `http_stream` or `sse`")),
    ("sockjs_handler_prefix", Gone("use `http_stream` or `sse`")),
    (
        "tarantool_mode",
        Gone("the Tarantool engine does not exist any more"),
    ),
    (
        "tarantool_address",
        Gone("the Tarantool engine does not exist any more"),
    ),
    (
        "tarantool_user",
        Gone("the Tarantool engine does not exist any more"),
    ),
    (
        "tarantool_password",
        Gone("the Tarantool engine does not exist any more"),
    ),
    ("v3_use_offset", Gone("clients always get offsets")),
    (
        "use_client_protocol_v1_by_default",
        Gone("the first protocol of clients does not exist any more"),
    ),
    (
        "disable_client_protocol_v1",
        Gone("the first protocol of clients does not exist any more"),
    ),
];

/// Old options of a namespace of channels, and of the top level.
const CHANNEL_OPTIONS: &[(&str, Replacement)] = &[
    ("proxy_subscribe", Sibling("subscribe_proxy_enabled")),
    ("proxy_publish", Sibling("publish_proxy_enabled")),
    ("proxy_sub_refresh", Sibling("sub_refresh_proxy_enabled")),
    (
        "proxy_subscribe_stream",
        Sibling("subscribe_stream_proxy_enabled"),
    ),
    (
        "proxy_subscribe_stream_bidirectional",
        Sibling("subscribe_stream_proxy_bidirectional"),
    ),
    ("proxy_cache_empty", Sibling("cache_empty_proxy_enabled")),
    ("publish", Sibling("allow_publish_for_client")),
    ("subscribe_to_publish", Sibling("allow_publish_for_subscriber")),
    ("anonymous", Sibling("allow_subscribe_for_anonymous")),
    ("recover", Sibling("force_recovery")),
    ("position", Sibling("force_positioning")),
    ("history_lifetime", Sibling("history_ttl")),
    (
        "protected",
        Gone("channels are protected unless an option `allow_..` or a proxy lets clients in"),
    ),
    (
        "server_side",
        Gone("channels are protected unless an option `allow_..` or a proxy lets clients in"),
    ),
    (
        "presence_disable_for_client",
        Gone("clients cannot read presence unless `allow_presence_for_..` is on"),
    ),
    (
        "history_disable_for_client",
        Gone("clients cannot read history unless `allow_history_for_..` is on"),
    ),
];

/// Old options of a proxy in `proxies`.
const PROXY_OPTIONS: &[(&str, Replacement)] = &[
    ("static_http_headers", Sibling("http.static_headers")),
    (
        "http_status_to_code_transforms",
        Sibling("http.status_to_code_transforms"),
    ),
    ("grpc_tls", Sibling("grpc.tls")),
    ("grpc_cert_file", Sibling("grpc.tls")),
    ("grpc_credentials_key", Sibling("grpc.credentials_key")),
    ("grpc_credentials_value", Sibling("grpc.credentials_value")),
    ("grpc_compression", Sibling("grpc.compression")),
];

const RPC_OPTIONS: &[(&str, Replacement)] = &[("rpc_proxy_name", Sibling("proxy_name"))];

/// What to write in the place of an old key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Advice {
    /// The key in version 6, and what else has to be set.
    Use(String, Option<&'static str>),
    /// The key is gone, for this reason.
    Drop(&'static str),
}

/// Returns what to write in the place of an old key, if it is one. The path is that of a key which version 6 does not know, or
/// whose value has another type there.
pub(crate) fn advice(path: &str) -> Option<Advice> {
    let (section, name) = path.rsplit_once('.').unwrap_or(("", path));
    let list = super::key_table::without_indexes(section);
    let replacement = match list.as_str() {
        "" => return top_level(name),
        "channel.namespaces[]" | "channel.without_namespace" => find(CHANNEL_OPTIONS, name),
        "proxies[]" => find(PROXY_OPTIONS, name),
        "rpc.namespaces[]" | "rpc.without_namespace" => find(RPC_OPTIONS, name),
        _ => None,
    }?;
    Some(resolve(replacement, section))
}

/// Returns the old key that a variable stands for, if there is such a key.
pub(crate) fn advice_for_variable(variable: &str) -> Option<Advice> {
    advice(&variable.strip_prefix("CENTRIFUGO_")?.to_lowercase())
}

fn top_level(name: &str) -> Option<Advice> {
    if let Some(replacement) = find(KEYS, name) {
        return Some(resolve(replacement, ""));
    }
    if SWITCHES.contains(&name) {
        return Some(Advice::Use(format!("{name}.enabled"), None));
    }
    let section = "channel.without_namespace";
    if let Some(replacement) = find(CHANNEL_OPTIONS, name) {
        return Some(resolve(replacement, section));
    }
    let option = format!("{section}.{name}");
    if super::find_key(&option).is_some() {
        return Some(Advice::Use(option, None));
    }
    PREFIXES.iter().find_map(|(prefix, section)| {
        let path = format!("{section}{}", name.strip_prefix(prefix)?);
        super::find_key(&path).map(|_| Advice::Use(path, None))
    })
}

fn find(table: &[(&str, Replacement)], name: &str) -> Option<Replacement> {
    table
        .iter()
        .find(|(old, _)| *old == name)
        .map(|(_, replacement)| *replacement)
}

fn resolve(replacement: Replacement, section: &str) -> Advice {
    match replacement {
        Key(path) => Advice::Use(path.to_owned(), None),
        With(path, also) => Advice::Use(path.to_owned(), Some(also)),
        Sibling(name) => Advice::Use(format!("{section}.{name}"), None),
        Gone(reason) => Advice::Drop(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::super::find_key;
    use super::super::pro_keys::is_pro;
    use super::*;

    #[test]
    fn replacements_exist_in_version_6() {
        let is_known = |path: &str| find_key(path).is_some() || is_pro(path);
        for (old, replacement) in KEYS {
            match replacement {
                Key(path) => assert!(is_known(path), "{old}: {path}"),
                With(path, also) => {
                    let path = if *also == PROXY {
                        format!("rpc.proxy.{path}")
                    } else {
                        (*path).to_owned()
                    };
                    assert!(is_known(&path), "{old}: {path}");
                }
                Sibling(_) | Gone(_) => {}
            }
        }
        for (table, section) in [
            (CHANNEL_OPTIONS, "channel.namespaces[0]"),
            (PROXY_OPTIONS, "proxies[0]"),
            (RPC_OPTIONS, "rpc.namespaces[0]"),
        ] {
            for (old, replacement) in table {
                if let Sibling(name) = replacement {
                    assert!(is_known(&format!("{section}.{name}")), "{old}: {name}");
                }
                assert!(
                    !is_known(&format!("{section}.{old}")),
                    "{old} is a key of version 6"
                );
            }
        }
        for name in SWITCHES {
            assert!(is_known(&format!("{name}.enabled")), "{name}");
        }
    }

    #[test]
    fn gives_the_new_key() {
        let new = |path: &str| match advice(path) {
            Some(Advice::Use(path, _)) => path,
            other => format!("{other:?}"),
        };
        for (old, expected) in [
            ("token_hmac_secret_key", "client.token.hmac_secret_key"),
            ("admin", "admin.enabled"),
            ("admin_password", "admin.password"),
            (
                "allow_subscribe_for_client",
                "channel.without_namespace.allow_subscribe_for_client",
            ),
            (
                "proxy_subscribe",
                "channel.without_namespace.subscribe_proxy_enabled",
            ),
            (
                "channel.namespaces[2].proxy_publish",
                "channel.namespaces[2].publish_proxy_enabled",
            ),
            ("client_concurrency", "client.concurrency"),
            ("redis_address", "engine.redis.address"),
            (
                "uni_websocket_message_size_limit",
                "uni_websocket.message_size_limit",
            ),
            ("whatever", "None"),
        ] {
            assert_eq!(new(old), expected, "{old}");
        }
        assert!(
            matches!(advice_for_variable("CENTRIFUGO_API_KEY"), Some(Advice::Use(path, _)) if path == "http_api.key")
        );
    }
}
