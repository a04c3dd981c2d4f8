//! Centrifugo's configuration for the handlers of this example.

use serde_json::{Value, json};

use crate::addresses::Addresses;

pub fn centrifugo_config(addresses: &Addresses) -> Value {
    let proxy = json!({ "endpoint": format!("grpc://{}", addresses.events), "timeout": "5s" });
    let mut connect = proxy.clone();
    connect["enabled"] = true.into();
    json!({
        "http_server": { "address": "127.0.0.1", "port": addresses.clients.port().to_string() },
        "grpc_api": { "enabled": true, "address": "127.0.0.1", "port": addresses.api.port() },
        // Serves `/metrics` beside the clients.
        "prometheus": { "enabled": true },
        "log": { "level": "warn" },
        "client": {
            "allowed_origins": ["*"],
            // So that sub_refresh events come soon after a subscription has expired.
            "presence_update_interval": "2s",
            "expired_sub_close_delay": "1s",
            "proxy": { "connect": connect },
        },
        "channel": {
            "proxy": {
                "subscribe": proxy,
                "publish": proxy,
                "sub_refresh": proxy,
                "subscribe_stream": proxy,
            },
            "namespaces": [
                { "name": "chat", "subscribe_proxy_enabled": true, "publish_proxy_enabled": true },
                { "name": "lease", "subscribe_proxy_enabled": true, "sub_refresh_proxy_enabled": true },
                { "name": "clock", "subscribe_stream_proxy_enabled": true },
            ],
        },
        "rpc": { "proxy": proxy, "without_namespace": { "proxy_enabled": true } },
    })
}
