//! `cargo centrifugo config`, with files.

#![cfg(feature = "cli")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use support::Folder;

/// A program with a handler of connect and one of rpc, and with a secret.
const PROGRAM: &str = r#"{
  "version": 1, "channels": [], "errors": null, "schemas": null, "features": ["grpc"], "handler_timeout_ms": 10000,
  "handlers": [{
    "event": "connect", "pattern": null, "channel": null, "handler": "app::connect", "takes": [], "returns": "()", "file": "src/main.rs",
    "line": 7, "docs": "", "timeout_ms": null, "needs": [], "data": null, "meta": null, "result": null, "publication": null,
    "item": null, "errors": null
  }],
  "endpoint": {
    "grpc": "127.0.0.1:10001", "http": null, "http_prefix": "/centrifugo", "tls": false, "mutual_tls": false, "secret_keys": ["x-secret"],
    "api_url": null, "may_be_mounted": false
  },
  "configuration": {
    "centrifugo": {
      "client": { "proxy": { "connect": { "enabled": true, "endpoint": "grpc://127.0.0.1:10001" } } },
      "rpc": { "proxy": { "endpoint": "grpc://127.0.0.1:10001" }, "without_namespace": { "proxy_enabled": true } }
    },
    "roadrunner": { "rr": { "version": "3", "server": { "command": "./program" } }, "centrifugo": {} }
  }
}"#;

const EXISTING: &str = "# Our chat.
client:
  allowed_origins: [\"https://example.org\"] # production
  proxy:
    connect:
      enabled: false # not yet
";

const MERGED: &str = "# Our chat.
client:
  allowed_origins: [\"https://example.org\"] # production
  proxy:
    connect:
      enabled: true # not yet
      endpoint: grpc://127.0.0.1:10001
      grpc:
        static_metadata:
          x-secret: \"${CENTRIFUGO_VAR_BACKEND_SECRET}\"
rpc:
  proxy:
    endpoint: grpc://127.0.0.1:10001
    grpc:
      static_metadata:
        x-secret: \"${CENTRIFUGO_VAR_BACKEND_SECRET}\"
  without_namespace:
    proxy_enabled: true
";

#[test]
fn prints_a_configuration_in_each_format() {
    let folder = Folder::with_program(PROGRAM);
    for (format, part) in [
        ("json", "\"endpoint\": \"grpc://127.0.0.1:10001\""),
        ("yaml", "      endpoint: grpc://127.0.0.1:10001"),
        ("toml", "[client.proxy.connect]\nenabled = true"),
    ] {
        let run = folder.run(&["config", "--format", format]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(run.stdout.contains(part), "{}", run.stdout);
        assert!(
            run.stderr.contains("note: set CENTRIFUGO_VAR_BACKEND_SECRET in"),
            "{}",
            run.stderr
        );
    }
    let run = folder.run(&["config", "--roadrunner"]);
    assert!(
        run.stdout
            .contains("\nversion: \"3\"\nserver:\n  command: ./program\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn writes_a_file_and_says_when_it_is_outdated() {
    let folder = Folder::with_program(PROGRAM);
    let run = folder.run(&["config", "--out", "config.toml", "--check"]);
    assert_eq!((run.code, folder.path("config.toml").exists()), (Some(1), false));
    let run = folder.run(&["config", "--out", "config.toml"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(0), "config.toml: written\n"),
        "{}",
        run.stderr
    );
    let written = folder.read("config.toml");
    assert!(written.starts_with("# Made by"), "{written}");
    assert_eq!(
        folder.run(&["config", "--out", "config.toml", "--check"]).code,
        Some(0)
    );
    folder.write("config.toml", &written.replace("10001", "10002"));
    let run = folder.run(&["config", "--out", "config.toml", "--check"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("config.toml is not what"), "{}", run.stdout);
    let run = folder.run(&["config", "--out", "config.toml"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("use `--merge config.toml`"), "{}", run.stderr);
    assert_eq!(
        folder
            .run(&["config", "--out", "config.toml", "--overwrite"])
            .code,
        Some(0)
    );
    assert_eq!(folder.read("config.toml"), written);
}

#[test]
fn merges_into_a_file() {
    let folder = Folder::with_program(PROGRAM);
    folder.write("real.yaml", EXISTING);
    fs::set_permissions(folder.path("real.yaml"), fs::Permissions::from_mode(0o640)).expect("a file");
    std::os::unix::fs::symlink("real.yaml", folder.path("config.yaml")).expect("a link");
    let merge = ["config", "--merge", "config.yaml"];
    let check = ["config", "--merge", "config.yaml", "--check"];
    let run = folder.run(&check);
    assert_eq!(
        (run.code, folder.read("config.yaml").as_str()),
        (Some(1), EXISTING)
    );
    let run = folder.run(&merge);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for line in [
        "config.yaml:6: client.proxy.connect.enabled: false -> true (the program has a handler of connect)\n",
        "config.yaml:5: client.proxy.connect.endpoint: added \"grpc://127.0.0.1:10001\"\n",
        "config.yaml:2: rpc: added {",
    ] {
        assert!(run.stdout.contains(line), "{line} in {}", run.stdout);
    }
    assert_eq!(folder.read("config.yaml"), MERGED);
    let metadata = fs::symlink_metadata(folder.path("config.yaml")).expect("a link");
    assert!(metadata.is_symlink());
    let mode = fs::metadata(folder.path("real.yaml"))
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(
        fs::read_dir(folder.path(".")).expect("a folder").count(),
        4,
        "no temporary file remains"
    );
    for arguments in [&merge[..], &check[..]] {
        let run = folder.run(arguments);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (Some(0), "config.yaml: nothing to change\n")
        );
    }
}

#[test]
fn a_merge_makes_a_file_that_is_not_there() {
    let folder = Folder::with_program(PROGRAM);
    assert_eq!(
        folder.run(&["config", "--merge", "config.json", "--check"]).code,
        Some(2)
    );
    assert_eq!(folder.run(&["config", "--merge", "config.json"]).code, Some(0));
    assert!(folder.read("config.json").contains("\"http_server\""));
    assert_eq!(
        folder.run(&["config", "--merge", "config.json", "--check"]).code,
        Some(0)
    );
}

#[test]
fn says_where_a_file_is_not_valid() {
    let folder = Folder::with_program(PROGRAM);
    for (name, text, part) in [
        ("a.json", "{\n  \"client\": {,}\n}", "a.json:2:14: not valid JSON"),
        (
            "b.yaml",
            "client:\n  a: 1\n  a: 2\n",
            "b.yaml:3:3: the key `a` is there twice",
        ),
        ("c.toml", "[client\n", "c.toml:1:8: not valid TOML"),
        (
            "d.json",
            "{\"client\": {},\n\"client\": {}}",
            "d.json:2:1: `client` is there twice",
        ),
        ("e.yaml", "client: 1\n", "e.yaml: `client` must be an object"),
        (
            "f.yaml",
            "x: &x { a: 1 }\nclient: *x\n",
            "f.yaml:2:1: `client` is an alias",
        ),
    ] {
        folder.write(name, text);
        let run = folder.run(&["config", "--merge", name]);
        assert_eq!(run.code, Some(2), "{name}");
        assert!(run.stderr.contains(part), "{part} in {}", run.stderr);
        assert_eq!(folder.read(name), text);
    }
    let run = folder.run(&["config", "--check"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("`--check` needs the file"), "{}", run.stderr);
}

#[test]
fn prints_no_control_characters() {
    let folder = Folder::with_program(PROGRAM);
    let config =
        r#"{ "client": { "proxy": { "connect": { "endpoint": "grpc://127.0.0.1:9/\u009b31m" } } } }"#;
    folder.write("config.json", config);
    let run = folder.run(&["config", "--merge", "config.json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout.contains("\\u{9b}31m") && !run.stdout.contains('\u{9b}'),
        "{run:?}"
    );
    folder.write_program("printf '\\033[31mred\\n' >&2\nexit 3");
    let run = folder.run(&["config"]);
    let line = "\\u{1b}[31mred\nerror: the program ended with exit code 3";
    assert!(
        run.stderr.starts_with(line) && !run.stderr.contains('\u{1b}'),
        "{run:?}"
    );
}
