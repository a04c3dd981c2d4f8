//! `cargo centrifugo explain` with a real program.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;
use support::{Folder, Printed, cargo_centrifugo, program, run};

const CONFIGURATION: &str = r#"{
  "client": { "proxy": { "connect": { "enabled": true, "endpoint": "grpc://127.0.0.1:10001" } } },
  "channel": {
    "proxy": { "subscribe": { "endpoint": "grpc://127.0.0.1:10001" } },
    "namespaces": [
      { "name": "chat", "subscribe_proxy_enabled": true },
      { "name": "open", "allow_subscribe_for_client": true },
      { "name": "board", "subscription_type": "map", "subscribe_proxy_enabled": true, "map": { "mode": "ephemeral" } },
      { "name": "present", "subscription_type": "map_clients", "allow_subscribe_for_client": true },
      { "name": "polled", "subscription_type": "shared_poll", "allow_subscribe_for_client": true }
    ]
  },
  "rpc": { "proxy": { "endpoint": "grpc://127.0.0.1:10001" }, "without_namespace": { "proxy_enabled": true } }
}"#;

fn quickstart() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| program("quickstart"))
}

fn explain(arguments: &[&str]) -> Printed {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("centrifugo.json"), CONFIGURATION).unwrap();
    let mut command = cargo_centrifugo();
    command
        .current_dir(folder.path())
        .args(["explain", "--config", "centrifugo.json", "--executable"])
        .arg(quickstart())
        .args(arguments);
    run(&mut command)
}

#[test]
fn shows_the_way_to_the_handler() {
    let printed = explain(&["chat:tea", "--user", "42"]);
    assert_eq!(printed.code, Some(0), "{printed:?}");
    for part in [
        "centrifugo.json:4 channel.proxy.subscribe\n",
        "=> Centrifugo asks the backend\n",
        "handler `join` answers:\nok (",
        "\"data\": \"welcome to tea\"",
    ] {
        assert!(printed.stdout.contains(part), "{part}: {printed:?}");
    }
    let printed = explain(&["greet", "--kind", "rpc", "--data", "\"Ann\"", "--format", "json"]);
    let document: Value = serde_json::from_str(&printed.stdout).unwrap();
    assert_eq!(document["outcome"]["asked"]["event"], "rpc");
    assert_eq!(document["handler"], "greet");
    assert_eq!(document["answer"]["answer"]["result"]["data"], "hello Ann");
    let printed = explain(&["--kind", "connect"]);
    assert!(
        printed.stdout.contains("handler `connect` answers"),
        "{printed:?}"
    );
}

#[test]
fn reads_tokens() {
    // {"alg":"HS256"} and {"sub":"42"}, without a signature.
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.AA";
    let printed = explain(&["--kind", "connect", "--token", token, "--rules-only"]);
    assert!(
        printed
            .stderr
            .contains("token: client.token.hmac_secret_key is not set"),
        "{printed:?}"
    );
    let printed = explain(&["--kind", "connect", "--token", "nonsense"]);
    assert_eq!(printed.code, Some(2), "{printed:?}");
    assert!(printed.stderr.contains("neither a token nor"), "{printed:?}");
}

#[test]
fn gives_variables_to_the_program() {
    let folder = Folder::new();
    folder.write("centrifugo.json", CONFIGURATION);
    folder.write("program.env", "GREETING=hello\n");
    folder.write_program(&format!(
        "echo \"$GREETING\" >\"$0.note\"\nexec {}",
        quickstart().display()
    ));
    let printed = folder.run(&[
        "explain",
        "chat:tea",
        "--config",
        "centrifugo.json",
        "--program-env-file",
        "program.env",
    ]);
    assert_eq!(printed.code, Some(0), "{printed:?}");
    assert_eq!(folder.read("program.note"), "hello\n");
}

#[test]
fn says_which_rule_decides_without_the_handler() {
    let printed = explain(&["open:1", "--user", "42"]);
    assert!(
        printed
            .stdout
            .contains("=> the client may, and the backend is not asked"),
        "{printed:?}"
    );
    assert!(printed.stdout.contains("centrifugo.json:7 "), "{printed:?}");
    assert_eq!(printed.code, Some(0));
    let printed = explain(&["nowhere:1"]);
    assert!(
        printed.stdout.contains("=> the client gets error 102"),
        "{printed:?}"
    );
    assert_eq!(printed.code, Some(3));
    let printed = explain(&["$chat:1"]);
    assert!(
        printed.stdout.contains("=> the client gets error 103"),
        "{printed:?}"
    );
    let printed = explain(&["chat:1", "--rules-only"]);
    assert!(
        printed.stdout.ends_with("=> Centrifugo asks the backend\n"),
        "{printed:?}"
    );
    // Clients ask for the type of subscription that the namespace has.
    let printed = explain(&["board:1", "--rules-only"]);
    assert!(
        printed.stdout.ends_with("=> Centrifugo asks the backend\n"),
        "{printed:?}"
    );
    for channel in ["present:1", "polled:1"] {
        let printed = explain(&[channel, "--user", "42", "--rules-only"]);
        assert!(printed.stdout.contains("=> the client may"), "{printed:?}");
    }
    let printed = explain(&[]);
    assert!(
        printed.code == Some(2) && printed.stderr.contains("name a channel"),
        "{printed:?}"
    );
}
