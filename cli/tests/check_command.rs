//! `cargo centrifugo check` as a process.

mod check;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A program that prints the description of the tests.
fn program(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("program");
    let description = check::folder().join("program.json");
    fs::write(&path, format!("#!/bin/sh\ncat '{}'\n", description.display())).expect("a program");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
    path
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-centrifugo"))
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .args(["check", "--executable"])
        .arg(program(folder))
        .args(arguments)
        .output()
        .expect("the command")
}

fn output(output: &Output) -> (Option<i32>, String) {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn exits_with_1_if_there_are_errors() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("good.json"), check::read("good.json")).expect("a file");
    let (code, text) = output(&run(&folder, &["good.json"]));
    assert_eq!(
        (code, text.as_str()),
        (Some(0), "0 errors, 0 warnings, 0 notes\n")
    );
    let bad = check::read("good.json").replace("\"subscribe_proxy_enabled\": true, ", "");
    fs::write(folder.path().join("bad.json"), bad).expect("a file");
    let (code, text) = output(&run(&folder, &["bad.json"]));
    assert_eq!(code, Some(1));
    assert!(
        text.contains("--> bad.json:13 channel.namespaces[0].subscribe_proxy_enabled"),
        "{text}"
    );
    let (code, text) = output(&run(&folder, &["bad.json", "--format", "github"]));
    assert_eq!(code, Some(1));
    assert!(
        text.starts_with("::error file=bad.json,line=13,title=never-asked::"),
        "{text}"
    );
    let (code, text) = output(&run(&folder, &["bad.json", "--format", "json"]));
    assert_eq!(code, Some(1));
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["findings"][0]["handler"]["line"], 30);
}

#[test]
fn reads_yaml_and_toml_and_files_of_variables() {
    let folder = TempDir::new().expect("a folder");
    let yaml = "client:\n  proxy:\n    connect: &on\n      enabled: true\n      endpoint: grpc://127.0.0.1:10001\n    refresh: *on\n\
                rpc:\n  proxy: { endpoint: 'grpc://127.0.0.1:10001' }\n  without_namespace: { proxy_enabled: true }\n\
                channel:\n  proxy:\n    subscribe: { endpoint: 'grpc://127.0.0.1:10001' }\n    publish: { endpoint: 'grpc://127.0.0.1:10001' }\n\
                \x20 namespaces:\n    - name: chat\n      publish_proxy_enabled: true\n";
    fs::write(folder.path().join("config.yaml"), yaml).expect("a file");
    let (code, text) = output(&run(&folder, &["config.yaml"]));
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("--> config.yaml:15 channel.namespaces[0].subscribe_proxy_enabled"),
        "{text}"
    );
    let variables = "CENTRIFUGO_CHANNEL_NAMESPACES_CHAT_SUBSCRIBE_PROXY_ENABLED=true\n";
    fs::write(folder.path().join("deploy.env"), variables).expect("a file");
    let (code, text) = output(&run(&folder, &["config.yaml", "--env-file", "deploy.env"]));
    assert_eq!(
        (code, text.as_str()),
        (Some(0), "0 errors, 0 warnings, 0 notes\n")
    );
    let toml = "[client.proxy.connect]\nenabled = true\nendpoint = \"grpc://127.0.0.1:10001\"\n\n[[channel.namespaces]]\nname = \"chat\"\npresense = true\n";
    fs::write(folder.path().join("config.toml"), toml).expect("a file");
    let (code, text) = output(&run(&folder, &["config.toml"]));
    assert_eq!(code, Some(1));
    assert!(
        text.contains("--> config.toml:7 channel.namespaces[0].presense"),
        "{text}"
    );
    assert!(text.contains("did you mean `presence`?"), "{text}");
}

#[test]
fn exits_with_2_if_it_cannot_check() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("broken.json"), "{\n  \"client\": {,\n}\n").expect("a file");
    fs::write(folder.path().join("broken.env"), "A=1\nB\n").expect("a file");
    for (arguments, part) in [
        (&["missing.json"][..], "missing.json"),
        (&["broken.json"], "broken.json:2:14"),
        (&["--env-file", "broken.env"], "broken.env:2 is not NAME=value"),
    ] {
        let (code, text) = output(&run(&folder, arguments));
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn finds_keys_that_stand_twice() {
    let folder = TempDir::new().expect("a folder");
    let twice = check::read("good.json").replace("  \"rpc\":", "  \"Client\": {},\n  \"rpc\":");
    fs::write(folder.path().join("twice.json"), twice).expect("a file");
    let (code, text) = output(&run(&folder, &["twice.json"]));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("error[duplicate-key]"), "{text}");
}

#[test]
fn shows_an_example() {
    let folder = TempDir::new().expect("a folder");
    let (code, text) = output(&run(&folder, &["--help"]));
    assert_eq!(code, Some(0));
    assert!(text.contains("Example: cargo centrifugo check"), "{text}");
}
