use serde_json::{Value, json};

use super::fixture::{chat, chat_program, description, handler};
use crate::config_file::changes;
use crate::wanted_config::{MergedConfig, Target, merge};

fn merged(existing: &Value) -> MergedConfig {
    let first = merge(&chat_program(), Target::Centrifugo, existing, None).unwrap();
    let second = merge(&chat_program(), Target::Centrifugo, &first.value, None).unwrap();
    assert_eq!(second.value, first.value, "the second merge changes nothing");
    first
}

/// Merges into the configuration of the program with this change. Returns the changes and their reasons.
fn changes_of(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut existing = chat();
    change(&mut existing);
    let merged = merged(&existing);
    let line = |change: crate::config_file::Change| {
        let why = merged.reasons.iter().find(|reason| reason.path == change.path);
        let why = why.map_or_else(String::new, |reason| format!(" ({})", reason.why));
        format!("{change}{why}")
    };
    changes(&existing, &merged.value).into_iter().map(line).collect()
}

#[test]
fn replaces_only_what_does_not_fit() {
    assert_eq!(changes_of(|_| {}), [""; 0]);
    let accepted = changes_of(|config| {
        config["client"]["proxy"]["connect"]["endpoint"] = "grpc://backend:443".into();
        config["client"]["proxy"]["connect"]["timeout"] = "6s".into();
        config["client"]["proxy"]["connect"]["enabled"] = "true".into();
        config["channel"]["proxy"]["subscribe"]["endpoint"] = "grpc://localhost:10001".into();
        config["channel"]["namespaces"][0]["history_ttl"] = "60m".into();
        config["channel"]["namespaces"][0]["history_size"] = "100".into();
        config["channel"]["namespaces"][0]["presence"] = true.into();
        config["channel"]["namespaces"][1]["map"]["mode"] = "recoverable".into();
        config["channel"]["namespaces"][1]["map"]["key_ttl"] = "5m".into();
        config["grpc_api"]["address"] = "".into();
        config["engine"] = json!({ "type": "redis" });
    });
    assert_eq!(accepted, [""; 0]);
    let replaced = changes_of(|config| {
        config["client"]["proxy"]["connect"]["endpoint"] = "grpc://127.0.0.1:9".into();
        config["client"]["proxy"]["connect"]["timeout"] = "1s".into();
        config["client"]["proxy"]["connect"]["enabled"] = false.into();
        config["channel"]["namespaces"][0]["history_size"] = 5.into();
        config["channel"]["namespaces"][0]["subscribe_stream_proxy_enabled"] = true.into();
        config["channel"]["proxy"]["publish"]["include_connection_meta"] = false.into();
        config["grpc_api"]["port"] = 1.into();
    });
    let expected = [
        "channel.namespaces[0].history_size: 5 -> 100 (the channel type `Chat` at src/chat.rs:3 declares it)",
        "channel.namespaces[0].subscribe_stream_proxy_enabled: true -> false (Centrifugo does not start with streams and other events in one namespace)",
        "channel.proxy.publish.include_connection_meta: false -> true (a handler of publish needs it)",
        "client.proxy.connect.enabled: false -> true (the program has a handler of connect)",
        "client.proxy.connect.endpoint: \"grpc://127.0.0.1:9\" -> \"grpc://127.0.0.1:10001\" (the program answers connect there)",
        "client.proxy.connect.timeout: \"1s\" -> \"5000ms\" (a handler of connect has this time limit)",
        "grpc_api.port: 1 -> 10000 (the program calls the server API there)",
    ];
    assert_eq!(replaced, expected);
}

#[test]
fn adds_to_other_namespaces_whatever_the_case_of_keys() {
    let existing =
        json!({ "Channel": { "Namespaces": [{ "Name": "chat", "presence": true }, { "name": "other" }] } });
    let merged = merged(&existing).value;
    let namespaces = &merged["Channel"]["Namespaces"];
    let names: Vec<_> = (0..4)
        .map(|index| {
            namespaces[index]["name"]
                .as_str()
                .or(namespaces[index]["Name"].as_str())
        })
        .collect();
    assert_eq!(
        names,
        [Some("chat"), Some("other"), Some("slots"), Some("private")]
    );
    assert_eq!(
        (
            &namespaces[0]["presence"],
            &namespaces[0]["subscribe_proxy_enabled"]
        ),
        (&json!(true), &json!(true))
    );
    assert_eq!(merged.get("channel"), None);
}

#[test]
fn follows_named_proxies() {
    let existing = json!({
        "channel": { "namespaces": [{ "name": "chat", "subscribe_proxy_name": "mine", "publish_proxy_name": "missing" }] },
        "proxies": [{ "name": "mine", "endpoint": "grpc://127.0.0.1:10001", "timeout": "9s" }],
    });
    let merged = merged(&existing).value;
    assert_eq!(merged["channel"]["proxy"].get("subscribe"), None);
    assert_eq!(merged["channel"]["proxy"].get("publish"), None);
    assert!(merged["channel"]["proxy"].get("map_publish").is_some());
    let expected = json!([
        { "name": "mine", "endpoint": "grpc://127.0.0.1:10001", "timeout": "9s" },
        { "name": "missing", "endpoint": "grpc://127.0.0.1:10001", "include_connection_meta": true },
    ]);
    assert_eq!(merged["proxies"], expected);
}

#[test]
fn a_persistent_map_gets_no_time_to_live() {
    let existing =
        json!({ "channel": { "namespaces": [{ "name": "slots", "map": { "mode": "persistent" } }] } });
    let merged = merged(&existing).value;
    assert_eq!(
        merged["channel"]["namespaces"][0],
        json!({ "name": "slots", "subscription_type": "map", "map": { "mode": "persistent", "publish_proxy_enabled": true } })
    );
}

#[test]
fn keeps_secrets_in_any_form() {
    let config = json!({ "rpc": { "proxy": { "endpoint": "grpc://127.0.0.1:10001" } } });
    let description = description(&config, |document| {
        document["endpoint"]["secret_keys"] = json!(["X-Secret"])
    });
    for grpc in [
        json!({ "credentials_key": "x-secret", "credentials_value": "s" }),
        json!({ "static_metadata": { "x-secret": "s" } }),
        json!({ "static_metadata": [{ "key": "X-Secret", "value": "s" }] }),
    ] {
        let existing = json!({ "rpc": { "proxy": { "endpoint": "grpc://127.0.0.1:10001", "grpc": grpc } } });
        assert_eq!(
            merge(&description, Target::Centrifugo, &existing, None)
                .unwrap()
                .value,
            existing
        );
    }
    let existing =
        json!({ "rpc": { "proxy": { "grpc": { "static_metadata": [{ "key": "a", "value": "b" }] } } } });
    let merged = merge(&description, Target::Centrifugo, &existing, None)
        .unwrap()
        .value;
    assert_eq!(
        merged["rpc"]["proxy"]["grpc"]["static_metadata"],
        json!([{ "key": "a", "value": "b" }, { "key": "X-Secret", "value": "${CENTRIFUGO_VAR_BACKEND_SECRET}" }])
    );
}

#[test]
fn says_what_is_of_a_wrong_kind() {
    for (existing, part) in [
        (json!({ "client": 1 }), "`client` must be an object"),
        (
            json!({ "channel": { "namespaces": { "chat": {} } } }),
            "`channel.namespaces` must be a list",
        ),
        (
            json!({ "channel": { "namespaces": [1] }, "rpc": [] }),
            "`rpc` must be an object",
        ),
        (json!({ "client.proxy.connect.enabled": true }), "has dots"),
    ] {
        let error = merge(&chat_program(), Target::Centrifugo, &existing, None).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_short_time_limit_does_not_shorten_the_default() {
    let config = json!({ "rpc": { "proxy": { "endpoint": "grpc://127.0.0.1:10001" } } });
    let description = description(&config, |document| {
        let mut rpc = handler("rpc", Some("user/get"));
        rpc["timeout_ms"] = 200.into();
        document["handlers"] = json!([rpc]);
    });
    let timeout = |existing: Value| {
        merge(&description, Target::Centrifugo, &existing, None)
            .unwrap()
            .value["rpc"]["proxy"]["timeout"]
            .clone()
    };
    assert_eq!(timeout(json!({})), Value::Null);
    assert_eq!(
        timeout(json!({ "rpc": { "proxy": { "timeout": "100ms" } } })),
        "200ms"
    );
    assert_eq!(
        timeout(json!({ "rpc": { "proxy": { "timeout": "300ms" } } })),
        "300ms"
    );
}

/// A program with both endpoints and a secret, and its configuration of `rpc.proxy`.
fn merged_rpc(endpoint: &str) -> Value {
    let config = json!({ "rpc": { "proxy": { "endpoint": "grpc://127.0.0.1:10001" } } });
    let description = description(&config, |document| {
        document["handlers"] = json!([handler("rpc", Some("user/get"))]);
        document["endpoint"]["http"] = "127.0.0.1:10002".into();
        document["endpoint"]["secret_keys"] = json!(["x-secret"]);
    });
    let existing = json!({ "rpc": { "proxy": { "endpoint": endpoint } } });
    let merged = merge(&description, Target::Centrifugo, &existing, None).unwrap();
    let again = merge(&description, Target::Centrifugo, &merged.value, None).unwrap();
    assert_eq!(again.value, merged.value);
    merged.value["rpc"]["proxy"].clone()
}

#[test]
fn keeps_either_endpoint_of_the_program_and_those_of_other_hosts() {
    let secret = json!({ "x-secret": "${CENTRIFUGO_VAR_BACKEND_SECRET}" });
    for endpoint in [
        "http://127.0.0.1:10002/centrifugo/rpc",
        "https://backend/centrifugo/rpc",
        "http://backend/api/rpc",
    ] {
        let expected = json!({ "endpoint": endpoint, "http": { "static_headers": secret } });
        assert_eq!(merged_rpc(endpoint), expected);
    }
    for (endpoint, expected) in [
        ("grpc://backend:443", "grpc://backend:443"),
        ("grpc://10.0.0.5:9", "grpc://10.0.0.5:9"),
        ("grpc://127.0.0.1:10002", "grpc://127.0.0.1:10001"),
        (
            "http://127.0.0.1:10002/centrifugo/publish",
            "grpc://127.0.0.1:10001",
        ),
    ] {
        let expected = json!({ "endpoint": expected, "grpc": { "static_metadata": secret } });
        assert_eq!(merged_rpc(endpoint), expected);
    }
}
