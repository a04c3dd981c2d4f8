//! `cargo centrifugo client`, as a user runs it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::fs;
use std::time::{Duration, Instant};

use support::{Folder, cargo_centrifugo, run};

/// Returns the description of a program whose method returns an object with this field.
fn description(field: &str) -> String {
    serde_json::json!({
        "version": 1, "channels": [], "errors": [], "features": [], "handler_timeout_ms": 1, "endpoint": null,
        "configuration": { "centrifugo": null, "roadrunner": { "rr": {}, "centrifugo": {} } },
        "handlers": [{
            "event": "rpc", "pattern": "user/get", "channel": null, "handler": "app::get", "takes": [], "returns": "", "file": "",
            "line": 1, "docs": "", "timeout_ms": null, "needs": [], "data": null, "meta": null, "publication": null, "item": null,
            "errors": [], "result": { "type": "User", "optional": false, "schema": { "$ref": "#/schemas/User" } },
        }],
        "schemas": { "User": { "type": "object", "properties": { field: { "type": "string" } }, "required": [field] } },
    })
    .to_string()
}

#[test]
fn writes_and_checks_typescript() {
    let folder = Folder::with_program(&description("name"));
    let check = || folder.run(&["client", "--out", "web/api.ts", "--check"]);
    let missing = check();
    assert_eq!(missing.code, Some(1));
    assert!(
        missing.stderr.contains("web/api.ts: the file is missing"),
        "{}",
        missing.stderr
    );

    let written = folder.run(&["client", "--out", "web/api.ts"]);
    assert_eq!(
        (written.code, written.stdout.is_empty()),
        (Some(0), true),
        "{}",
        written.stderr
    );
    assert!(folder.read("web/api.ts").contains("get: () => Promise<User>"));
    assert_eq!(check().code, Some(0));
    let printed = folder.run(&["client"]);
    assert_eq!(printed.stdout, folder.read("web/api.ts"));

    folder.write("description.json", &description("full_name"));
    let drifted = check();
    assert_eq!(drifted.code, Some(1));
    let text = drifted.stderr;
    for part in [
        "web/api.ts:9: the file differs",
        "in the file:   name: string;",
        "now:           full_name: string;",
        "without `--check`",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn writes_and_checks_javascript_with_its_types() {
    let folder = Folder::with_program(&description("name"));
    for (name, arguments, declarations) in [
        ("api.js", &[][..], "api.d.ts"),
        ("api.mjs", &[], "api.d.mts"),
        ("client.jsx", &["--javascript"], "client.d.ts"),
    ] {
        let run = |more: &[&str]| {
            folder
                .run(&[&["client", "--out", name][..], arguments, more].concat())
                .code
        };
        assert_eq!((run(&[]), run(&["--check"])), (Some(0), Some(0)));
        assert!(folder.read(name).contains("export class Api") && !folder.read(name).contains("interface"));
        assert!(folder.read(declarations).contains("export declare class Api"));
        fs::write(folder.path(declarations), "").unwrap();
        assert_eq!(run(&["--check"]), Some(1));
    }
}

#[test]
fn fails_if_the_program_gives_no_description() {
    let folder = Folder::new();
    for (script, part) in [
        ("exit 3", "ended with exit code 3"),
        ("exec /nowhere/program", "ended with exit code 127"),
        ("kill -9 $$", "ended with signal 9"),
        ("yes", "printed more than 64 MiB"),
        ("true", "printed nothing"),
        ("echo '[]'", "older version"),
        ("echo hello", "no JSON"),
    ] {
        folder.write_program(script);
        let output = folder.run(&["client", "--out", "api.ts", "--check"]);
        assert_eq!(output.code, Some(2), "{script}");
        assert!(output.stderr.contains(part), "{}", output.stderr);
    }
    folder.write_program(&format!("echo '{}'", description("name")));
    for option in ["--check", "--javascript"] {
        assert_eq!(folder.run(&["client", option]).code, Some(2));
    }
    fs::create_dir(folder.path("folder.ts")).unwrap();
    let output = folder.run(&["client", "--out", "folder.ts"]);
    assert!(
        output
            .stderr
            .contains("error: folder.ts: the file cannot be read"),
        "{}",
        output.stderr
    );
}

#[test]
fn reads_the_messages_of_cargo_among_other_output() {
    let folder = Folder::new();
    let program = folder.write_program(&format!("echo '{}'", description("name")));
    let artifact = serde_json::json!({
        "reason": "compiler-artifact", "manifest_path": "/a/Cargo.toml", "target": { "name": "app" }, "executable": program,
    });
    // Bytes that are not UTF-8, and a long line, as procedural macros can print them.
    let cargo = folder.write_script(
        "cargo",
        &format!("printf '\\377\\n'\nhead -c 20000000 /dev/zero\necho\necho '{artifact}'"),
    );
    let mut command = cargo_centrifugo();
    command
        .arg("client")
        .current_dir(folder.path("."))
        .env("CARGO", cargo);
    let output = run(&mut command);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(output.stdout.contains("export class Api"), "{}", output.stdout);
}

#[test]
fn waits_for_no_process_that_the_program_leaves() {
    let folder = Folder::new();
    folder.write_program(&format!("sleep 60 &\necho '{}'", description("name")));
    let start = Instant::now();
    let output = folder.run(&["client"]);
    assert!(output.code == Some(0), "{}", output.stderr);
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn says_that_a_program_cannot_be_run() {
    let folder = Folder::new();
    let output = folder.run(&["client"]);
    assert_eq!(output.code, Some(2));
    assert!(
        output
            .stderr
            .contains("error: the program cannot be run: No such file"),
        "{}",
        output.stderr
    );
}
