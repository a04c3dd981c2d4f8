//! `testing::assert_config` compares Centrifugo's configuration with the handlers of this program.

#![cfg(feature = "_direct")]

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use centrifugo::testing::assert_config;
use centrifugo::{Json, Meta, UserId, reply};
use serde_json::{Value, json};

#[centrifugo::connect]
fn connect() -> reply::Connect {
    reply::Connect::anonymous()
}

#[centrifugo::subscribe(channel = "chat:{room}")]
fn join(room: u32, _user: UserId) -> reply::Subscribe {
    let _ = room;
    reply::Subscribe::allow()
}

#[centrifugo::rpc("user/get")]
fn get_user(meta: Meta<Value>) -> Json<Value> {
    Json(meta.0)
}

fn good() -> Value {
    // The address is set in `main` of a program, which a test does not run.
    let proxy = json!({ "endpoint": "grpc://backend:7000" });
    json!({
        "client": { "proxy": { "connect": { "enabled": true, "endpoint": "grpc://backend:7000" } } },
        "channel": {
            "proxy": { "subscribe": proxy },
            "namespaces": [{ "name": "chat", "subscribe_proxy_enabled": true }],
        },
        "rpc": {
            "proxy": { "endpoint": "grpc://backend:7000", "include_connection_meta": true },
            "without_namespace": { "proxy_enabled": true },
        },
    })
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).expect("a file");
    path
}

/// Returns the message of the failed assertion.
fn failure(path: PathBuf) -> String {
    let panic = catch_unwind(|| assert_config(path)).expect_err("a failed assertion");
    *panic.downcast::<String>().expect("a text")
}

#[test]
fn accepts_a_configuration_that_fits() {
    assert_config(file("fits.json", &good().to_string()));
}

#[test]
fn panics_with_the_findings() {
    let mut config = good();
    config["channel"]["namespaces"][0] = json!({ "name": "chat", "allow_subscribe_for_client": true });
    config["rpc"]["proxy"]["include_connection_meta"] = false.into();
    let message = failure(file("bypass.json", &format!("{config:#}")));
    for part in [
        "the configuration does not fit the handlers",
        "error[bypass]: the handler is never asked for namespace `chat`",
        "bypass.json:",
        "channel.namespaces[0].allow_subscribe_for_client",
        "tests/configuration.rs:",
        "error[meta]",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
}

#[test]
fn reads_yaml() {
    let message = failure(file("empty.yaml", "client:\n  insecure: true\n"));
    assert!(message.contains("empty.yaml:2 client.insecure"), "{message}");
}

#[test]
fn names_a_file_that_cannot_be_read() {
    let message = failure(file("broken.json", "{"));
    assert!(message.contains("broken.json:1:"), "{message}");
    assert!(failure("missing.json".into()).contains("missing.json"));
}
