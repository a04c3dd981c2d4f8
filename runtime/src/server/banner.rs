//! The start banner: what a program prints when it starts to listen.

use std::fmt::Write as _;

use super::centrifugo_config;
use super::served_program::ServedProgram;
use crate::handler::Route;

/// Prints the addresses, the handlers and the configuration for Centrifugo to standard error, or logs them if the program has its
/// own subscriber or the log is JSON.
pub(super) fn print(program: &ServedProgram<'_>) {
    let text = text(program);
    if crate::logging::prints_only_lines() {
        tracing::info!(target: "centrifugo", "{}", text.trim_end());
    } else {
        crate::logging::print(&text);
    }
}

fn text(program: &ServedProgram<'_>) -> String {
    let mut text = String::new();
    let tls = match (program.has_tls, program.has_mutual_tls) {
        (_, true) => ", mutual TLS",
        (true, false) => ", TLS",
        (false, false) => "",
    };
    if let Some(address) = &program.grpc {
        let _ = writeln!(text, "centrifugo: gRPC on {address}{tls}");
    }
    if let Some(address) = &program.http {
        let _ = writeln!(
            text,
            "centrifugo: HTTP on {address}{tls}, paths {}/*",
            program.prefix
        );
    }
    let _ = writeln!(text, "centrifugo: {} handlers", program.routes.len());
    let width = |part: fn(&Route) -> usize| program.routes.iter().map(|route| part(route)).max().unwrap_or(0);
    let kinds = width(|route| route.kind.name().len());
    let patterns = width(|route| route.pattern.unwrap_or_default().chars().count());
    let names = width(|route| route.name.len());
    for route in program.routes {
        let (kind, pattern) = (route.kind.name(), route.pattern.unwrap_or_default());
        let _ = writeln!(
            text,
            "  {kind:kinds$}  {pattern:patterns$}  {:names$}  {}:{}",
            route.name, route.file, route.line
        );
    }
    let config = centrifugo_config::config(program);
    if config.as_object().is_some_and(|config| !config.is_empty()) {
        let _ = writeln!(
            text,
            "centrifugo: add this to Centrifugo's configuration, so that it sends events to these handlers:\n{config:#}"
        );
    }
    if let Some(notice) = centrifugo_config::unknown_namespaces(program.routes) {
        let _ = writeln!(text, "centrifugo: {notice}");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::event::Kind;
    use crate::server::test_route::{route, route_with_meta};

    fn over_grpc<'a>(routes: &'a [&'static Route]) -> ServedProgram<'a> {
        ServedProgram::plain("127.0.0.1:10001", routes)
    }

    #[test]
    fn prints_addresses_handlers_and_configuration() {
        let routes = [
            route(Kind::Connect, None),
            route(Kind::Subscribe, Some("chat:{room}")),
            route(Kind::Subscribe, Some("news")),
            route(Kind::Publish, Some("chat:*")),
            route(Kind::Rpc, Some("user/get")),
            route(Kind::Rpc, Some("math:sum")),
            route(Kind::NotifyChannelState, None),
        ];
        let program = ServedProgram {
            http: Some("0.0.0.0:3000".into()),
            prefix: "/centrifugo".to_owned(),
            secret_keys: vec!["x-key"],
            ..over_grpc(&routes)
        };
        let text = text(&program);
        assert!(
            text.starts_with("centrifugo: gRPC on 127.0.0.1:10001\n"),
            "{text}"
        );
        assert!(
            text.contains("HTTP on 0.0.0.0:3000, paths /centrifugo/*"),
            "{text}"
        );
        assert!(
            text.contains("  subscribe             chat:{room}  handler  src/main.rs:7\n"),
            "{text}"
        );
        let grpc = serde_json::json!({
            "credentials_key": "x-key", "credentials_value": "the value of WORKER_SECRET_VALUE",
        });
        let proxy = serde_json::json!({ "endpoint": "grpc://127.0.0.1:10001", "grpc": grpc });
        let enabled =
            serde_json::json!({ "enabled": true, "endpoint": "grpc://127.0.0.1:10001", "grpc": grpc });
        let expected = serde_json::json!({
            "client": { "proxy": { "connect": enabled } },
            "channel": {
                "proxy": { "subscribe": proxy, "publish": proxy },
                "without_namespace": { "subscribe_proxy_enabled": true },
                "namespaces": [{
                    "name": "chat", "subscribe_proxy_enabled": true, "publish_proxy_enabled": true,
                }],
            },
            "rpc": {
                "proxy": proxy,
                "without_namespace": { "proxy_enabled": true },
                "namespaces": [{ "name": "math", "proxy_enabled": true }],
            },
        });
        assert_eq!(centrifugo_config::config(&program), expected);
    }

    #[test]
    fn enables_the_grpc_api_that_the_program_calls() {
        let routes = [route(Kind::Connect, None)];
        let config = |url| {
            let program = ServedProgram {
                api_url: Some(url),
                ..over_grpc(&routes)
            };
            centrifugo_config::config(&program)["grpc_api"].take()
        };
        let local = serde_json::json!({ "enabled": true, "port": 10000, "address": "127.0.0.1" });
        assert_eq!(config("grpc://127.0.0.1:10000"), local);
        let remote = serde_json::json!({ "enabled": true, "port": 10000 });
        assert_eq!(config("grpcs://centrifugo.internal:10000"), remote);
        assert_eq!(config("http://127.0.0.1:8000"), serde_json::Value::Null);
    }

    #[test]
    fn configures_what_handlers_need_of_their_proxy() {
        let routes = [
            route(Kind::Rpc, Some("a")),
            route_with_meta("b", Duration::from_secs(30)),
            route_with_meta("c", Duration::from_millis(900)),
            route(Kind::Connect, None),
        ];
        let config = centrifugo_config::config(&over_grpc(&routes));
        let rpc = &config["rpc"]["proxy"];
        assert_eq!(rpc["timeout"], "30000ms");
        assert_eq!(rpc["include_connection_meta"], true);
        // Other handlers may take longer than the limit of this one.
        let config_of_short = centrifugo_config::config(&over_grpc(&routes[2..3]));
        assert_eq!(config_of_short["rpc"]["proxy"].get("timeout"), None);
        let connect = config["client"]["proxy"]["connect"].as_object().unwrap();
        assert!(!connect.contains_key("timeout") && !connect.contains_key("include_connection_meta"));
    }

    #[test]
    fn configures_what_centrifugo_requires_for_maps_and_shared_polls() {
        let routes = [
            route(Kind::MapPublish, Some("slots:*")),
            route(Kind::MapRemove, Some("slots:*")),
            route(Kind::SharedPollRefresh, Some("prices:*")),
        ];
        let program = over_grpc(&routes);
        let config = centrifugo_config::config(&program);
        let map = serde_json::json!({
            "mode": "ephemeral", "key_ttl": "60s", "publish_proxy_enabled": true, "remove_proxy_enabled": true,
        });
        assert_eq!(
            config["channel"]["namespaces"],
            serde_json::json!([
                { "name": "slots", "subscription_type": "map", "map": map },
                { "name": "prices", "subscription_type": "shared_poll" },
            ])
        );
        assert_eq!(
            config["shared_poll"],
            serde_json::json!({ "hmac_secret_key": "" })
        );
    }

    #[test]
    fn leaves_out_handlers_that_centrifugo_does_not_call() {
        let routes = [
            route(Kind::Subscribe, Some("a:{x}")),
            route(Kind::Subscribe, Some("$news:{id}")),
            route(Kind::Subscribe, Some("$index")),
            route(Kind::Rpc, Some("b:get")),
        ];
        let expected = serde_json::json!({ "channel": { "namespaces": [{ "name": "news" }] } });
        assert_eq!(centrifugo_config::config(&over_grpc(&routes)), expected);
    }

    #[test]
    fn names_handlers_whose_namespaces_are_not_known() {
        let routes = [
            route(Kind::Subscribe, Some("{a}:{b}")),
            route(Kind::Publish, Some("*")),
            route(Kind::Publish, Some("chat:*")),
        ];
        let program = over_grpc(&routes);
        let proxy = serde_json::json!({ "endpoint": "grpc://127.0.0.1:10001" });
        let expected = serde_json::json!({
            "proxy": { "subscribe": proxy, "publish": proxy },
            "without_namespace": { "publish_proxy_enabled": true },
            "namespaces": [{ "name": "chat", "publish_proxy_enabled": true }],
        });
        assert_eq!(centrifugo_config::config(&program)["channel"], expected);
        let text = text(&program);
        assert!(
            text.contains("\n  subscribe `{a}:{b}` of `handler` at src/main.rs:7\n  publish `*` of"),
            "{text}"
        );
        assert!(!text.contains("publish `chat:*`"), "{text}");
    }

    #[test]
    fn configures_a_path_for_each_kind_over_http() {
        let routes = [
            route(Kind::SubRefresh, Some("chat:*")),
            route(Kind::Connect, None),
        ];
        let mut program = ServedProgram {
            grpc: None,
            http: Some("0.0.0.0:3000".into()),
            prefix: "/hooks".to_owned(),
            has_tls: true,
            ..over_grpc(&routes)
        };
        let config = centrifugo_config::config(&program);
        assert_eq!(
            config["channel"]["proxy"]["sub_refresh"],
            serde_json::json!({ "endpoint": "https://127.0.0.1:3000/hooks/sub_refresh", "http": { "tls": { "enabled": true } } })
        );
        program.has_mutual_tls = true;
        let tls = &centrifugo_config::config(&program)["channel"]["proxy"]["sub_refresh"]["http"]["tls"];
        assert!(tls["cert_pem"].is_string() && tls["key_pem"].is_string(), "{tls}");
    }
}
