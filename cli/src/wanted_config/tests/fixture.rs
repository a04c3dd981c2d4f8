//! Descriptions as programs print them.

use serde_json::{Value, json};

use crate::description::Description;

/// Returns the description of a program with this configuration of Centrifugo.
pub(super) fn description(centrifugo: &Value, change: impl FnOnce(&mut Value)) -> Description {
    let mut document = json!({
        "version": 1,
        "handlers": [handler("connect", None)],
        "channels": [],
        "errors": null,
        "schemas": null,
        "features": ["grpc"],
        "handler_timeout_ms": 10000,
        "endpoint": {
            "grpc": "127.0.0.1:10001", "http": null, "http_prefix": "/centrifugo", "tls": false, "mutual_tls": false,
            "secret_keys": [], "api_url": null, "may_be_mounted": false,
        },
        "configuration": {
            "centrifugo": centrifugo,
            "roadrunner": {
                "rr": {
                    "version": "3", "server": { "command": "/home/me/app/target/debug/app", "relay": "pipes" },
                    "centrifuge": { "proxy_address": "tcp://127.0.0.1:30000" },
                },
                "centrifugo": { "client": { "proxy": { "connect": { "enabled": true, "endpoint": "grpc://127.0.0.1:30000" } } } },
            },
        },
    });
    // The printed time limit is that of the handler.
    if centrifugo["client"]["proxy"]["connect"]["timeout"] == "5000ms" {
        document["handlers"][0]["timeout_ms"] = 5000.into();
    }
    change(&mut document);
    Description::parse(&document.to_string()).unwrap()
}

/// Returns a handler of an event.
pub(super) fn handler(event: &str, pattern: Option<&str>) -> Value {
    json!({
        "event": event, "pattern": pattern, "channel": null, "handler": "app::handle", "takes": [], "returns": "()", "file": "src/main.rs",
        "line": 7, "docs": "", "timeout_ms": null, "needs": [], "data": null, "meta": null, "incoming": null, "result": null,
        "info": null, "publication": null, "item": null, "errors": null,
    })
}

/// Returns the configuration of a program with handlers of most events.
pub(super) fn chat() -> Value {
    let proxy = json!({ "endpoint": "grpc://127.0.0.1:10001" });
    json!({
        "client": { "proxy": { "connect": { "enabled": true, "endpoint": "grpc://127.0.0.1:10001", "timeout": "5000ms" } } },
        "channel": {
            "proxy": { "subscribe": proxy, "publish": { "endpoint": "grpc://127.0.0.1:10001", "include_connection_meta": true }, "map_publish": proxy },
            "namespaces": [
                { "name": "chat", "subscribe_proxy_enabled": true, "publish_proxy_enabled": true, "history_size": 100, "history_ttl": "1h" },
                { "name": "slots", "subscription_type": "map", "map": { "mode": "ephemeral", "key_ttl": "60s", "publish_proxy_enabled": true } },
                { "name": "private" },
            ],
        },
        "rpc": { "proxy": proxy, "without_namespace": { "proxy_enabled": true } },
        "grpc_api": { "enabled": true, "address": "127.0.0.1", "port": 10000 },
    })
}

/// Returns a program with that configuration, whose channel type `Chat` declares the history.
pub(super) fn chat_program() -> Description {
    description(&chat(), |document| {
        document["channels"] = json!([{
            "name": "app::Chat", "pattern": "chat:{room}", "prefix": "chat:", "fields": [], "file": "src/chat.rs", "line": 3, "docs": "",
            "options": { "history_size": 100, "history_ttl": "1h" }, "publication": null, "item": null,
        }]);
    })
}
