//! Runs `cargo centrifugo` with programs of this workspace.

#![allow(dead_code, reason = "each test file uses a part of this module")]

mod folder;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};

#[allow(unused_imports, reason = "each test file uses a part of this module")]
pub use folder::{Folder, run_in};
use serde_json::Value;

/// Returns the path of the workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Builds a program of this workspace, one at a time.
///
/// The features are those of `cargo test` for the whole workspace, so that all that is compiled for it is used: the command selects
/// the same packages, and a test, which adds the features of dev-dependencies.
pub fn program(bin: &str) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut command = cargo();
    command
        .current_dir(workspace())
        .args(["build", "--message-format=json-render-diagnostics", "--bin", bin])
        // The test of the smallest package.
        .args(["--test", "direct"])
        .env("CARGO_TARGET_DIR", target());
    let printed = run(&mut command);
    assert_eq!(printed.code, Some(0), "{}", printed.stderr);
    let mut messages = printed.stdout.lines().map(|line| {
        let message: Value = serde_json::from_str(line).expect("a message of cargo");
        message
    });
    let executable = messages.find_map(|message| {
        let target = &message["target"];
        let is_wanted = target["name"] == bin && target["kind"][0] == "bin";
        let executable = message["executable"].as_str().filter(|_| is_wanted);
        executable.map(PathBuf::from)
    });
    executable.expect("the program is built")
}

/// Returns the command `cargo`.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    remove_variables_of_cargo(&mut command);
    command
}

/// Removes the variables that cargo sets for this test. The build script of ring runs again when they change, and ring and all that
/// depends on it would be compiled again by each test, and by the next `cargo test`.
fn remove_variables_of_cargo(command: &mut Command) {
    let is_of_cargo = |name: &str| {
        let starts = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"];
        name == "OUT_DIR" || starts.iter().any(|start| name.starts_with(start))
    };
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_of_cargo) {
            command.env_remove(name);
        }
    }
}

/// Returns the folder into which this test was built.
pub fn target() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    folder.expect("the target folder").to_owned()
}

/// Returns the command `cargo centrifugo` without the variables that would change what it does.
pub fn cargo_centrifugo() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-centrifugo"));
    command
        .arg("centrifugo")
        .current_dir(workspace())
        .env("RUST_BACKTRACE", "0")
        .env("NO_COLOR", "1");
    remove_variables_of_cargo(&mut command);
    for name in [
        "RUST_LOG",
        "WORKER_SECRET_KEY",
        "WORKER_SECRET_VALUE",
        "WORKER_LISTEN",
        "WORKER_ALLOW_PLAIN",
    ] {
        command.env_remove(name);
    }
    command
}

/// What a command printed, and its exit code.
#[derive(Debug)]
pub struct Printed {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Printed {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Runs a command.
pub fn run(command: &mut Command) -> Printed {
    command.output().expect("the command runs").into()
}
