use std::path::Path;

use serde_json::json;

use super::fixture::{chat, chat_program, description, handler};
use crate::config_file::{ConfigFile, Format};
use crate::wanted_config::{Target, config_text, merge, starting_values};

#[test]
fn a_new_configuration_has_what_the_program_prints_and_starting_values() {
    let starting = starting_values(Target::Centrifugo);
    let merged = merge(&chat_program(), Target::Centrifugo, &starting, None).unwrap();
    let mut expected = chat();
    expected["http_server"] = json!({ "address": "127.0.0.1", "port": 8000 });
    expected["client"]["allowed_origins"] = json!(["http://localhost:*", "http://127.0.0.1:*"]);
    assert_eq!(merged.value, expected);
    assert_eq!(
        (merged.reasons, merged.notes.clone()),
        (vec![], Vec::<String>::new())
    );
    for format in [Format::Json, Format::Yaml, Format::Toml] {
        let merged = merge(&chat_program(), Target::Centrifugo, &starting, None).unwrap();
        let text = config_text(&merged, format);
        assert_eq!(
            ConfigFile::parse(&text, Some(format)).unwrap().value,
            expected,
            "{text}"
        );
    }
}

#[test]
fn secrets_are_variables() {
    let proxy = json!({
        "endpoint": "grpc://127.0.0.1:10001",
        "grpc": { "credentials_key": "x-secret", "credentials_value": "the value of WORKER_SECRET_VALUE", "static_metadata": { "other": "the secret of this key" } },
    });
    let config = json!({ "rpc": { "proxy": proxy }, "shared_poll": { "hmac_secret_key": "" } });
    let description = description(&config, |document| {
        document["endpoint"]["secret_keys"] = json!(["x-secret", "with.dot"]);
        document["handlers"] = json!([handler("shared_poll_refresh", Some("poll:*"))]);
    });
    let merged = merge(&description, Target::Centrifugo, &json!({}), None).unwrap();
    let grpc = &merged.value["rpc"]["proxy"]["grpc"];
    // Centrifugo has no shared polls without a key, which the environment must have.
    assert_eq!(merged.value.get("shared_poll"), None);
    let text = merged.value.to_string();
    assert!(
        !text.contains("WORKER_SECRET_VALUE") && !text.contains("credentials_value"),
        "{text}"
    );
    assert!(
        grpc.to_string().contains("${CENTRIFUGO_VAR_BACKEND_SECRET}"),
        "{grpc}"
    );
    let notes = merged.notes.join("\n");
    for part in [
        "set CENTRIFUGO_VAR_BACKEND_SECRET in",
        "set CENTRIFUGO_VAR_BACKEND_SECRET_2 in",
        "CENTRIFUGO_SHARED_POLL_HMAC_SECRET_KEY",
        "CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY",
    ] {
        assert!(notes.contains(part), "{part} in {notes}");
    }
    let text = config_text(&merged, Format::Yaml);
    assert!(
        text.contains("# Note: set CENTRIFUGO_VAR_BACKEND_SECRET in"),
        "{text}"
    );
}

#[test]
fn notes_say_what_a_configuration_cannot() {
    let description = description(&json!({}), |document| {
        document["handlers"] = json!([
            handler("subscribe", Some("{ns}:{room}")),
            handler("subscribe", Some("chat:{room}")),
            handler("publish", Some("{room}")),
            handler("publish", Some("*")),
            handler("rpc", Some("*")),
        ]);
        document["endpoint"]["api_url"] = "http://127.0.0.1:8000/api".into();
        document["endpoint"]["mutual_tls"] = true.into();
        document["endpoint"]["may_be_mounted"] = true.into();
    });
    let notes = merge(&description, Target::Centrifugo, &json!({}), None)
        .unwrap()
        .notes;
    for part in [
        "`{ns}:{room}` of `app::handle` at src/main.rs:7",
        "pattern `*`",
        "CENTRIFUGO_HTTP_API_KEY",
        "cert_pem",
        "part of another server",
        "CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY",
    ] {
        assert!(
            notes.iter().any(|note| note.contains(part)),
            "{part} in {notes:?}"
        );
    }
    assert_eq!(notes.len(), 6, "{notes:?}");
    let config = json!({ "http_api": { "key": "x" }, "client": { "token": { "hmac_secret_key": "y" } } });
    assert_eq!(
        merge(&description, Target::Centrifugo, &config, None)
            .unwrap()
            .notes
            .len(),
        4
    );
}

#[test]
fn the_command_of_roadrunner_is_relative() {
    let folder = Path::new("/home/me/app");
    let merged = merge(&chat_program(), Target::RoadRunner, &json!({}), Some(folder)).unwrap();
    assert_eq!(merged.value["server"]["command"], "./target/debug/app");
    let other = json!({ "server": { "command": "mine" }, "centrifuge": { "proxy_address": "tcp://0.0.0.0:5" }, "http": { "address": "x" } });
    let merged = merge(&chat_program(), Target::RoadRunner, &other, Some(folder)).unwrap();
    assert_eq!(
        merged.value,
        json!({
            "version": "3", "server": { "command": "mine", "relay": "pipes" },
            "centrifuge": { "proxy_address": "tcp://0.0.0.0:5" }, "http": { "address": "x" },
        })
    );
    assert!(merged.notes[0].contains("grpc://0.0.0.0:5"), "{:?}", merged.notes);
}

#[test]
fn a_program_without_an_endpoint_needs_roadrunner() {
    let description = description(&serde_json::Value::Null, |document| {
        document["endpoint"] = serde_json::Value::Null
    });
    let error = merge(&description, Target::Centrifugo, &json!({}), None).unwrap_err();
    assert!(error.contains("--via-roadrunner"), "{error}");
    let merged = merge(&description, Target::CentrifugoViaRoadRunner, &json!({}), None).unwrap();
    assert_eq!(
        merged.value["client"]["proxy"]["connect"]["endpoint"],
        "grpc://127.0.0.1:30000"
    );
}
