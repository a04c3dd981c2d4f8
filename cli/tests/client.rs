//! `cargo centrifugo client`, as a user runs it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with a program that prints a description.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Writes the program, whose method returns an object with this field.
    fn describe(&self, field: &str) {
        let description = serde_json::json!({
            "version": 1, "channels": [], "errors": [], "features": [], "handler_timeout_ms": 1, "endpoint": null,
            "configuration": { "centrifugo": null, "roadrunner": { "rr": {}, "centrifugo": {} } },
            "handlers": [{
                "event": "rpc", "pattern": "user/get", "channel": null, "handler": "app::get", "takes": [], "returns": "", "file": "",
                "line": 1, "docs": "", "timeout_ms": null, "needs": [], "data": null, "meta": null, "publication": null, "item": null,
                "errors": [], "result": { "type": "User", "optional": false, "schema": { "$ref": "#/schemas/User" } },
            }],
            "schemas": { "User": { "type": "object", "properties": { field: { "type": "string" } }, "required": [field] } },
        });
        self.program(&format!("echo '{description}'"));
    }

    fn program(&self, script: &str) {
        let path = self.path("program");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn client(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_cargo-centrifugo"))
            .current_dir(&self.0)
            .args(["centrifugo", "client", "--executable", "./program"])
            .args(arguments)
            .output()
            .unwrap()
    }
}

fn log(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn writes_and_checks_typescript() {
    let folder = Folder::new("typescript");
    folder.describe("name");
    let check = || folder.client(&["--out", "web/api.ts", "--check"]);
    let missing = check();
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        log(&missing).contains("web/api.ts: the file is missing"),
        "{}",
        log(&missing)
    );

    let written = folder.client(&["--out", "web/api.ts"]);
    assert_eq!(
        (written.status.code(), written.stdout.is_empty()),
        (Some(0), true),
        "{}",
        log(&written)
    );
    assert!(folder.read("web/api.ts").contains("get: () => Promise<User>"));
    assert_eq!(check().status.code(), Some(0));
    let printed = folder.client(&[]);
    assert_eq!(
        String::from_utf8(printed.stdout).unwrap(),
        folder.read("web/api.ts")
    );

    folder.describe("full_name");
    let drifted = check();
    assert_eq!(drifted.status.code(), Some(1));
    let text = log(&drifted);
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
    let folder = Folder::new("javascript");
    folder.describe("name");
    for (name, arguments, declarations) in [
        ("api.js", &[][..], "api.d.ts"),
        ("api.mjs", &[], "api.d.mts"),
        ("client.jsx", &["--javascript"], "client.d.ts"),
    ] {
        let run = |more: &[&str]| {
            folder
                .client(&[&["--out", name][..], arguments, more].concat())
                .status
                .code()
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
    let folder = Folder::new("failures");
    for (script, part) in [
        ("exit 3", "ended with exit code 3"),
        ("exec /nowhere/program", "ended with exit code 127"),
        ("kill -9 $$", "ended with signal 9"),
        ("yes", "printed more than 64 MiB"),
        ("true", "printed nothing"),
        ("echo '[]'", "older version"),
        ("echo hello", "no JSON"),
    ] {
        folder.program(script);
        let output = folder.client(&["--out", "api.ts", "--check"]);
        assert_eq!(output.status.code(), Some(2), "{script}");
        assert!(log(&output).contains(part), "{}", log(&output));
    }
    folder.describe("name");
    for arguments in [&["--check"][..], &["--javascript"]] {
        assert_eq!(folder.client(arguments).status.code(), Some(2));
    }
    fs::create_dir(folder.path("folder.ts")).unwrap();
    let output = folder.client(&["--out", "folder.ts"]);
    assert!(
        log(&output).contains("error: folder.ts: the file cannot be read"),
        "{}",
        log(&output)
    );
}

#[test]
fn waits_for_no_process_that_the_program_leaves() {
    let folder = Folder::new("left-process");
    folder.describe("name");
    let script = fs::read_to_string(folder.path("program")).unwrap();
    fs::write(folder.path("program"), script.replace("echo", "sleep 60 &\necho")).unwrap();
    let start = std::time::Instant::now();
    let output = folder.client(&[]);
    assert!(output.status.success(), "{}", log(&output));
    assert!(start.elapsed() < std::time::Duration::from_secs(30));
}

#[test]
fn says_that_a_program_cannot_be_run() {
    let folder = Folder::new("not-executable");
    let output = folder.client(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        log(&output).contains("error: the program cannot be run: No such file"),
        "{}",
        log(&output)
    );
}
