//! The start banner: what a program prints when it starts to listen.

use std::fmt::Write as _;

use super::centrifugo_config;
use super::served_program::ServedProgram;
use crate::handler::Route;

/// Prints the addresses, the handlers and the configuration for Centrifugo to standard error.
pub(super) fn print(program: &ServedProgram<'_>) {
    crate::logging::print(&text(program));
}

fn text(program: &ServedProgram<'_>) -> String {
    let mut text = String::new();
    let tls = match (program.has_tls, program.has_mutual_tls) {
        (_, true) => ", mutual TLS",
        (true, false) => ", TLS",
        (false, false) => "",
    };
    if let Some(address) = program.grpc {
        let _ = writeln!(text, "centrifugo: gRPC on {address}{tls}");
    }
    if let Some(address) = program.http {
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
    for namespace in centrifugo_config::mixed_namespaces(&config) {
        let subject = match namespace {
            "" => "channels without a namespace have".to_owned(),
            name => format!("namespace `{name}` has"),
        };
        let _ = writeln!(
            text,
            "centrifugo: Centrifugo does not start with this configuration: {subject} handlers for `subscribe_stream` and for \
                 other events; move the streams to a namespace of their own"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Secrets;
    use crate::event::Kind;

    fn route(kind: Kind, pattern: Option<&'static str>) -> &'static Route {
        Box::leak(Box::new(Route {
            kind,
            pattern,
            name: "handler",
            module: "m",
            file: "src/main.rs",
            line: 7,
            docs: "",
            takes: &[],
            returns: "()",
            timeout: None,
            handler: &crate::handler::SyncHandler {
                sources: (),
                function: || (),
                reply: <() as crate::reply::RpcReply>::REPLY,
            },
        }))
    }

    fn over_grpc<'a>(routes: &'a [&'static Route], secrets: &'a Secrets) -> ServedProgram<'a> {
        ServedProgram {
            grpc: Some(([127, 0, 0, 1], 10001).into()),
            http: None,
            prefix: "/centrifugo",
            secrets,
            has_tls: false,
            has_mutual_tls: false,
            routes,
        }
    }

    #[test]
    fn prints_addresses_handlers_and_configuration() {
        let mut secrets = Secrets::default();
        secrets.add("x-key", "s3cret").unwrap();
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
            grpc: Some(([127, 0, 0, 1], 10001).into()),
            http: Some(([0, 0, 0, 0], 3000).into()),
            prefix: "/centrifugo",
            secrets: &secrets,
            has_tls: false,
            has_mutual_tls: false,
            routes: &routes,
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
        assert!(!text.contains("s3cret"), "{text}");
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
    fn configures_what_centrifugo_requires_for_maps_and_shared_polls() {
        let routes = [
            route(Kind::MapPublish, Some("slots:*")),
            route(Kind::MapRemove, Some("slots:*")),
            route(Kind::SharedPollRefresh, Some("prices:*")),
        ];
        let secrets = Secrets::default();
        let program = over_grpc(&routes, &secrets);
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
    fn warns_of_streams_and_other_events_in_one_namespace() {
        let routes = [
            route(Kind::SubscribeStream, Some("chat:{room}")),
            route(Kind::Publish, Some("chat:*")),
            route(Kind::SubscribeStream, Some("clock:*")),
            route(Kind::Subscribe, Some("news:*")),
            route(Kind::SubscribeStream, Some("*")),
            route(Kind::SubRefresh, Some("*")),
        ];
        let secrets = Secrets::default();
        let program = over_grpc(&routes, &secrets);
        assert_eq!(
            centrifugo_config::mixed_namespaces(&centrifugo_config::config(&program)),
            ["chat", ""]
        );
        let text = text(&program);
        assert!(
            text.contains("namespace `chat` has handlers for `subscribe_stream`"),
            "{text}"
        );
        assert!(text.contains("channels without a namespace have"), "{text}");
    }

    #[test]
    fn configures_a_path_for_each_kind_over_http() {
        let routes = [
            route(Kind::SubRefresh, Some("chat:*")),
            route(Kind::Connect, None),
        ];
        let mut program = ServedProgram {
            grpc: None,
            http: Some(([0, 0, 0, 0], 3000).into()),
            prefix: "/hooks",
            secrets: &Secrets::default(),
            has_tls: true,
            has_mutual_tls: false,
            routes: &routes,
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
