//! What a program prints at start, and what `WORKER_DESCRIBE` prints instead.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use test_support::Log;

const GRPC: (&str, &str) = ("WORKER_LISTEN", "127.0.0.1:0");

/// Runs the program until it listens, stops it, and returns its standard error.
fn log_of_start(env: &[(&str, &str)]) -> String {
    let log = Log::new("stderr");
    let mut child = Command::new(env!("CARGO_BIN_EXE_own_log"))
        .envs(env.iter().copied())
        .env("RUST_LOG", "debug")
        .stdin(Stdio::null())
        .stderr(log.create())
        .spawn()
        .unwrap();
    // From here on, the program handles signals. It prints the banner before it stops.
    log.wait_for("`$`: clients subscribe");
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
    log.text()
}

/// Returns whether the program exited with success, its standard output and its standard error.
fn describe(how: &str, env: &[(&str, &str)]) -> (bool, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_own_log"))
        .env("WORKER_DESCRIBE", how)
        .envs(env.iter().copied())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

fn warnings(log: &str) -> Vec<&str> {
    log.lines()
        .filter(|line| line.contains("WARN") && line.contains("handler is never called"))
        .collect()
}

#[test]
fn warns_of_handlers_that_centrifugo_does_not_call() {
    let log = log_of_start(&[GRPC]);
    let found = warnings(&log);
    assert_eq!(found.len(), 2, "{log}");
    for part in [
        "handler=\"refused_namespace\"",
        "own_log.rs:",
        "namespace `a` is refused by Centrifugo",
    ] {
        assert!(found.iter().any(|line| line.contains(part)), "{part} in {log}");
    }
    assert!(log.contains("publish `{_any}:{_id}` of `any_namespace`"), "{log}");
    // Centrifugo opens streams over gRPC only.
    let log = log_of_start(&[("WORKER_LISTEN", "off"), ("WORKER_HTTP_LISTEN", "127.0.0.1:0")]);
    let found = warnings(&log);
    assert!(
        found
            .iter()
            .any(|line| line.contains("handler=\"clock\"") && line.contains("over gRPC only")),
        "{log}"
    );
}

#[test]
fn the_banner_is_one_event_of_a_subscriber_of_the_program() {
    let own = log_of_start(&[GRPC, ("OWN_LOG", "1")]);
    let banners: Vec<_> = own
        .lines()
        .filter(|line| line.contains("gRPC on 127.0.0.1:"))
        .collect();
    assert_eq!(banners.len(), 1, "{own}");
    assert!(banners[0].starts_with("own INFO"), "{own}");
    assert!(banners[0].contains("subscribe_stream_proxy_enabled"), "{own}");
    assert!(own.lines().all(|line| line.starts_with("own ")), "{own}");
}

#[test]
fn the_banner_can_be_disabled() {
    let banner = "centrifugo: gRPC on 127.0.0.1:";
    assert!(log_of_start(&[GRPC]).contains(banner));
    assert!(log_of_start(&[GRPC, ("WORKER_BANNER", "on")]).contains(banner));
    for env in [
        &[GRPC, ("WORKER_BANNER", "off")][..],
        &[GRPC, ("WORKER_BANNER", "off"), ("OWN_LOG", "1")],
    ] {
        let log = log_of_start(env);
        assert!(!log.contains("gRPC on") && warnings(&log).len() == 2, "{log}");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_own_log"))
        .env("WORKER_BANNER", "no")
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("WORKER_BANNER is `no`, but must be `on` or `off`"),
        "{error}"
    );
}

#[test]
fn describes_the_configuration_of_centrifugo() {
    let (success, text, log) = describe("config", &[("WORKER_LISTEN", "0.0.0.0:10007")]);
    assert!(success, "{log}");
    let config: Value = serde_json::from_str(&text).unwrap();
    let proxy = json!({ "endpoint": "grpc://127.0.0.1:10007" });
    let expected = json!({ "channel": {
        "proxy": { "publish": proxy, "subscribe_stream": proxy },
        "namespaces": [
            { "name": "news" },
            {
                "name": "clock",
                "subscribe_stream_proxy_enabled": true,
                // The handler takes `Incoming` by an alias of a type.
                "subscribe_stream_proxy_bidirectional": true,
            },
        ],
    } });
    assert_eq!(config, expected);
    assert_eq!(warnings(&log).len(), 2, "{log}");
    assert!(log.contains("publish `{_any}:{_id}` of `any_namespace`"), "{log}");
    let http = [("WORKER_LISTEN", "off"), ("WORKER_HTTP_LISTEN", "backend:3000")];
    let (_, text, _) = describe("config", &http);
    let config: Value = serde_json::from_str(&text).unwrap();
    let endpoint = json!({ "endpoint": "http://backend:3000/centrifugo/publish" });
    assert_eq!(config["channel"]["proxy"], json!({ "publish": endpoint }));
    let (success, text, log) = describe("config", &[("WORKER_LISTEN", "off")]);
    assert!(
        !success && text.is_empty() && log.contains("no address to listen on"),
        "{log}"
    );
}

#[test]
fn describes_the_configuration_of_roadrunner() {
    let (success, text, log) = describe("roadrunner", &[]);
    assert!(success, "{log}");
    let (roadrunner, centrifugo) = text.split_once("\n---\n").unwrap();
    assert!(roadrunner.contains("own_log\"\n  relay: pipes"), "{text}");
    assert!(
        roadrunner.contains("\ncentrifuge:\n  proxy_address: tcp://127.0.0.1:30000"),
        "{text}"
    );
    let json = &centrifugo[centrifugo.find("\n{").unwrap()..];
    let config: Value = serde_json::from_str(json).unwrap();
    let endpoint = json!({ "endpoint": "grpc://127.0.0.1:30000" });
    assert_eq!(config["channel"]["proxy"], json!({ "publish": endpoint }));
    assert_eq!(config["grpc_api"]["port"], 10000);
    assert!(
        log.contains("RoadRunner's plugin does not deliver these events"),
        "{log}"
    );
}
