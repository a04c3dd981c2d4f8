//! The order of keys in text that is written.

use serde_json::{Map, Value};

/// Keys that come before the others, in this order. The others are sorted by name.
const FIRST: [&str; 31] = [
    "version",
    "key",
    "name",
    "http_server",
    "grpc_api",
    "client",
    "channel",
    "rpc",
    "server",
    "logs",
    "centrifuge",
    "enabled",
    "listen",
    "endpoint",
    "address",
    "port",
    "allowed_origins",
    "proxy",
    "namespaces",
    // AsyncAPI.
    "asyncapi",
    "info",
    "title",
    "summary",
    "description",
    "defaultContentType",
    "servers",
    "channels",
    "operations",
    "components",
    "action",
    "type",
];

/// Returns the entries of an object in the order in which they are written.
pub(in crate::config_file) fn sorted(object: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = object.iter().collect();
    let rank = |key: &str| {
        FIRST
            .iter()
            .position(|first| *first == key)
            .unwrap_or(FIRST.len())
    };
    entries.sort_by(|(a, _), (b, _)| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
    entries
}
