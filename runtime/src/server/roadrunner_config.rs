//! Generates the configuration for a program that RoadRunner runs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::centrifugo_config;
use super::served_program::ServedProgram;
use crate::handler::Route;
use crate::startup::linked_channel_types;

/// Where RoadRunner's plugin listens for Centrifugo, as RoadRunner's documentation has it.
pub(super) const PROXY_ADDRESS: &str = "127.0.0.1:30000";
/// Where Centrifugo's gRPC API listens.
const API_PORT: u16 = 10000;

/// Returns Centrifugo's configuration for the handlers whose events RoadRunner delivers.
pub(super) fn centrifugo(routes: &[&'static Route]) -> Value {
    let delivered = delivered(routes);
    let mut config = centrifugo_config::config(&ServedProgram {
        channel_types: linked_channel_types(),
        ..ServedProgram::plain(PROXY_ADDRESS, &delivered)
    });
    config["grpc_api"] = json!({ "enabled": true, "address": "127.0.0.1", "port": API_PORT });
    config
}

fn delivered(routes: &[&'static Route]) -> Vec<&'static Route> {
    let is_delivered = |route: &&Route| route.kind.relay_name().is_some();
    routes.iter().copied().filter(is_delivered).collect()
}

/// Returns `.rr.yaml` as JSON.
pub(super) fn roadrunner(program: &str) -> Value {
    json!({
        "version": "3",
        "rpc": { "listen": "tcp://127.0.0.1:6001" },
        "server": { "command": program, "relay": "pipes" },
        "logs": { "level": "info", "mode": "production" },
        "centrifuge": {
            "proxy_address": format!("tcp://{PROXY_ADDRESS}"),
            "grpc_api_address": format!("tcp://127.0.0.1:{API_PORT}"),
            "pool": { "num_workers": 2 },
        },
    })
}

/// Returns two YAML documents: `.rr.yaml`, and Centrifugo's configuration as JSON, which is YAML as well.
pub(super) fn documents(program: &str, routes: &[&'static Route]) -> String {
    let config = centrifugo(routes);
    let mut text = format!(
        "# .rr.yaml of RoadRunner
version: \"3\"
rpc:
  listen: tcp://127.0.0.1:6001
server:
  command: {}
  relay: pipes
logs:
  level: info
  mode: production
centrifuge:
  proxy_address: tcp://{PROXY_ADDRESS}
  grpc_api_address: tcp://127.0.0.1:{API_PORT}
  pool:
    num_workers: 2
---
# Add this to config.json of Centrifugo
",
        Value::from(program)
    );
    if let Some(notice) = centrifugo_config::unknown_namespaces(&delivered(routes)) {
        for line in notice.lines() {
            let _ = writeln!(text, "# {line}");
        }
    }
    let _ = writeln!(text, "{config:#}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kind;
    use crate::server::test_route::route;

    #[test]
    fn prints_a_document_for_each_program() {
        let routes = [
            route(Kind::Connect, None),
            route(Kind::Publish, Some("{a}:{b}")),
            route(Kind::MapPublish, Some("slots:*")),
        ];
        let text = documents("./my program", &routes);
        let (roadrunner, centrifugo) = text.split_once("\n---\n").unwrap();
        for line in [
            "  command: \"./my program\"",
            "centrifuge:\n  proxy_address: tcp://127.0.0.1:30000",
            "  grpc_api_address: tcp://127.0.0.1:10000",
        ] {
            assert!(roadrunner.contains(line), "{line} in {roadrunner}");
        }
        let (comments, json) = centrifugo.split_once("\n{").unwrap();
        assert!(comments.lines().all(|line| line.starts_with("# ")), "{comments}");
        assert!(comments.contains("publish `{a}:{b}` of `handler`"), "{comments}");
        let config: Value = serde_json::from_str(&format!("{{{json}")).unwrap();
        let endpoint = json!({ "endpoint": "grpc://127.0.0.1:30000" });
        let expected = json!({
            "client": { "proxy": { "connect": { "enabled": true, "endpoint": "grpc://127.0.0.1:30000" } } },
            // RoadRunner does not deliver map events.
            "channel": { "proxy": { "publish": endpoint } },
            "grpc_api": { "enabled": true, "address": "127.0.0.1", "port": 10000 },
        });
        assert_eq!(config, expected);
    }
}
