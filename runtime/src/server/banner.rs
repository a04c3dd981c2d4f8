//! What a program says on standard error when it starts to listen.

use std::fmt::Write as _;
use std::net::SocketAddr;

use super::centrifugo_config;
use crate::endpoint::Secrets;
use crate::handler::Route;

pub(super) struct Notice<'a> {
    pub(super) grpc: Option<SocketAddr>,
    pub(super) http: Option<SocketAddr>,
    pub(super) prefix: &'a str,
    pub(super) secrets: &'a Secrets,
    pub(super) tls: bool,
    pub(super) mutual: bool,
    pub(super) routes: &'a [&'static Route],
}

impl Notice<'_> {
    pub(super) fn print(&self) {
        crate::logging::print(&self.text());
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let guard = match (self.tls, self.mutual) {
            (_, true) => ", mutual TLS",
            (true, false) => ", TLS",
            (false, false) => "",
        };
        if let Some(address) = self.grpc {
            let _ = writeln!(text, "centrifugo: gRPC on {address}{guard}");
        }
        if let Some(address) = self.http {
            let _ = writeln!(
                text,
                "centrifugo: HTTP on {address}{guard}, paths {}/*",
                self.prefix
            );
        }
        let _ = writeln!(text, "centrifugo: {} handlers", self.routes.len());
        let width =
            |part: fn(&Route) -> usize| self.routes.iter().map(|route| part(route)).max().unwrap_or(0);
        let kinds = width(|route| route.kind.name().len());
        let patterns = width(|route| route.pattern.unwrap_or_default().chars().count());
        let names = width(|route| route.name.len());
        for route in self.routes {
            let (kind, pattern) = (route.kind.name(), route.pattern.unwrap_or_default());
            let _ = writeln!(
                text,
                "  {kind:kinds$}  {pattern:patterns$}  {:names$}  {}:{}",
                route.name, route.file, route.line
            );
        }
        let config = centrifugo_config::config(self);
        if config.as_object().is_some_and(|config| !config.is_empty()) {
            let _ = writeln!(
                text,
                "centrifugo: with this in its configuration, Centrifugo asks these handlers:\n{config:#}"
            );
        }
        for namespace in centrifugo_config::mixed(&config) {
            let what = match namespace {
                "" => "channels without a namespace have".to_owned(),
                name => format!("namespace `{name}` has"),
            };
            let _ = writeln!(
                text,
                "centrifugo: Centrifugo does not start with this: {what} handlers for `subscribe_stream` beside others; give \
                 the streams a namespace of their own"
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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

    fn over_grpc<'a>(routes: &'a [&'static Route], secrets: &'a Secrets) -> Notice<'a> {
        Notice {
            grpc: Some(([127, 0, 0, 1], 10001).into()),
            http: None,
            prefix: "/centrifugo",
            secrets,
            tls: false,
            mutual: false,
            routes,
        }
    }

    #[test]
    fn it_names_addresses_handlers_and_configuration() {
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
        let notice = Notice {
            grpc: Some(([127, 0, 0, 1], 10001).into()),
            http: Some(([0, 0, 0, 0], 3000).into()),
            prefix: "/centrifugo",
            secrets: &secrets,
            tls: false,
            mutual: false,
            routes: &routes,
        };
        let text = notice.text();
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
        assert_eq!(centrifugo_config::config(&notice), expected);
    }

    #[test]
    fn maps_and_shared_polls_have_what_centrifugo_asks_for() {
        let routes = [
            route(Kind::MapPublish, Some("slots:*")),
            route(Kind::MapRemove, Some("slots:*")),
            route(Kind::SharedPollRefresh, Some("prices:*")),
        ];
        let secrets = Secrets::default();
        let notice = over_grpc(&routes, &secrets);
        let config = centrifugo_config::config(&notice);
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
    fn streams_beside_others_in_a_namespace_are_pointed_out() {
        let routes = [
            route(Kind::SubscribeStream, Some("chat:{room}")),
            route(Kind::Publish, Some("chat:*")),
            route(Kind::SubscribeStream, Some("clock:*")),
            route(Kind::Subscribe, Some("news:*")),
            route(Kind::SubscribeStream, Some("*")),
            route(Kind::SubRefresh, Some("*")),
        ];
        let secrets = Secrets::default();
        let notice = over_grpc(&routes, &secrets);
        assert_eq!(
            centrifugo_config::mixed(&centrifugo_config::config(&notice)),
            ["chat", ""]
        );
        let text = notice.text();
        assert!(
            text.contains("namespace `chat` has handlers for `subscribe_stream`"),
            "{text}"
        );
        assert!(text.contains("channels without a namespace have"), "{text}");
    }

    #[test]
    fn http_alone_has_a_path_for_each_kind() {
        let routes = [
            route(Kind::SubRefresh, Some("chat:*")),
            route(Kind::Connect, None),
        ];
        let mut notice = Notice {
            grpc: None,
            http: Some(([0, 0, 0, 0], 3000).into()),
            prefix: "/hooks",
            secrets: &Secrets::default(),
            tls: true,
            mutual: false,
            routes: &routes,
        };
        let config = centrifugo_config::config(&notice);
        assert_eq!(
            config["channel"]["proxy"]["sub_refresh"],
            serde_json::json!({ "endpoint": "https://127.0.0.1:3000/hooks/sub_refresh", "http": { "tls": { "enabled": true } } })
        );
        notice.mutual = true;
        let tls = &centrifugo_config::config(&notice)["channel"]["proxy"]["sub_refresh"]["http"]["tls"];
        assert!(tls["cert_pem"].is_string() && tls["key_pem"].is_string(), "{tls}");
    }
}
