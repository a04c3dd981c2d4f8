//! Runs `cargo centrifugo` with programs of this workspace.

#![allow(dead_code, reason = "each test file uses a part of this module")]

mod folder;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};

use cargo_centrifugo::program::{ProgramOptions, build};
#[allow(unused_imports, reason = "each test file uses a part of this module")]
pub use folder::{Folder, run_in};

/// Returns the path of the workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Builds a program of this workspace, one at a time.
pub fn program(package: &str, bin: &str) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut options = ProgramOptions::default();
    options.manifest_path = Some(workspace().join("Cargo.toml"));
    options.package = Some(package.to_owned());
    options.bin = Some(bin.to_owned());
    build(&options).expect("the program is built")
}

/// Returns the command `cargo centrifugo` without the variables that would change what it does.
pub fn cargo_centrifugo() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-centrifugo"));
    command
        .arg("centrifugo")
        .current_dir(workspace())
        .env("RUST_BACKTRACE", "0")
        .env("NO_COLOR", "1");
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
