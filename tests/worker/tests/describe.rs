//! The description that `WORKER_DESCRIBE` prints, and the file of routes.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use support::worker;

fn describe(how: &str) -> (bool, String, String) {
    let output = worker("all_events").env("WORKER_DESCRIBE", how).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn describes_handlers_as_a_table() {
    let (success, table, _) = describe("1");
    assert!(success);
    let line = table.lines().find(|line| line.contains("pair/{a}/{b*}")).unwrap();
    let expected = "rpc                   pair/{a}/{b*}   all_events::pair(String, u8, Method) -> Json<(u8, String, String)>";
    assert!(line.starts_with(expected), "{table}");
    assert!(line.contains("bin/all_events.rs:"), "{table}");
    assert!(table.contains("Result<reply::Subscribe, Error>"), "{table}");
}

#[test]
fn describes_the_layers_of_handlers() {
    let (_, table, _) = describe("1");
    let expected = "all_events::layered() -> Json<u8> (layer: own_layer::passes_on)";
    assert!(table.contains(expected), "{table}");
    let (_, json, _) = describe("json");
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let routes = document["handlers"].as_array().unwrap();
    let layer =
        |pattern: &str| routes.iter().find(|route| route["pattern"] == pattern).unwrap()["layer"].clone();
    assert_eq!(layer("layered"), "own_layer::passes_on");
    assert_eq!(layer("sum"), serde_json::Value::Null);
}

#[test]
fn describes_handlers_as_json() {
    let (success, json, _) = describe("json");
    assert!(success);
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(document["version"], 1);
    let routes = document["handlers"].as_array().unwrap();
    let sum = routes.iter().find(|route| route["pattern"] == "sum").unwrap();
    assert_eq!(sum["event"], "rpc");
    assert_eq!(sum["handler"], "all_events::sum");
    assert_eq!(sum["takes"], serde_json::json!(["Json<Vec<i64>>"]));
    assert_eq!(sum["returns"], "Json<i64>");
    assert!(sum["line"].is_u64());
}

#[test]
fn describes_the_configuration_of_centrifugo() {
    let (success, json, log) = describe("config");
    assert!(success, "{log}");
    let config: serde_json::Value = serde_json::from_str(&json).unwrap();
    let connect = serde_json::json!({ "enabled": true, "endpoint": "grpc://127.0.0.1:10001" });
    assert_eq!(config["client"]["proxy"]["connect"], connect);
    assert_eq!(config["rpc"]["without_namespace"]["proxy_enabled"], true);
}

#[test]
fn describes_the_options_of_channel_types() {
    for how in ["config", "roadrunner"] {
        let output = worker("shared_namespace")
            .env("WORKER_DESCRIBE", how)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let config: serde_json::Value = serde_json::from_str(&text[text.find("{\n").unwrap()..]).unwrap();
        let mut namespaces = serde_json::json!([
            {
                "name": "chat", "presence": true, "history_size": 100, "history_ttl": "1h",
                "subscribe_proxy_enabled": true,
            },
            {
                "name": "scores", "subscription_type": "map",
                "map": { "mode": "ephemeral", "key_ttl": "5m", "default_page_size": 50, "publish_proxy_enabled": true },
            },
            {
                "name": "seats", "subscription_type": "map", "subscribe_proxy_enabled": true,
                "map": { "mode": "ephemeral", "key_ttl": "5m" },
            },
        ]);
        if how == "roadrunner" {
            // RoadRunner does not deliver map events.
            namespaces[1] = serde_json::json!({
                "name": "scores", "map": { "mode": "ephemeral", "key_ttl": "5m", "default_page_size": 50 },
            });
        }
        assert_eq!(config["channel"]["namespaces"], namespaces, "{how}");
        assert_eq!(
            config["channel"]["without_namespace"],
            serde_json::json!({ "join_leave": true })
        );
    }
}

#[test]
fn describes_the_configuration_of_roadrunner() {
    let (success, text, log) = describe("roadrunner");
    assert!(success, "{log}");
    let (roadrunner, centrifugo) = text.split_once("\n---\n").unwrap();
    assert!(
        roadrunner.contains("\ncentrifuge:\n  proxy_address: tcp://"),
        "{text}"
    );
    let (_, json) = centrifugo.split_once('\n').unwrap();
    let json = &json[json.find("{\n").unwrap()..];
    let config: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(config["rpc"]["proxy"]["endpoint"], "grpc://127.0.0.1:30000");
}

#[test]
fn refuses_an_unknown_format() {
    let (success, _, error) = describe("yes");
    let expected = "WORKER_DESCRIBE is `yes`, but must be `1`, `json`, `config` or `roadrunner`";
    assert!(!success && error.contains(expected), "{error}");
}

#[test]
fn compares_handlers_with_a_file() {
    // This test binary has no handlers of its own.
    let empty = concat!(env!("CARGO_TARGET_TMPDIR"), "/no-routes.txt");
    std::fs::write(empty, "").unwrap();
    centrifugo::testing::assert_routes(empty);
    std::fs::write(empty, "rpc gone my_handlers::gone() -> ()\n").unwrap();
    let panic = std::panic::catch_unwind(|| centrifugo::testing::assert_routes(empty)).unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("- rpc gone my_handlers::gone() -> ()"), "{text}");
}
