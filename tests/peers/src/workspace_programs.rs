//! Programs of other packages of this workspace.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Builds an example. Returns the path of the program.
pub fn build_example(package: &str) -> PathBuf {
    build(&["--package", package])
}

/// Builds a program of `tests/worker`. Returns the path of the program.
pub fn build_worker_program(name: &str) -> PathBuf {
    build(&["--package", "worker-tests", "--bin", name])
}

fn build(arguments: &[&str]) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--message-format", "json"])
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{arguments:?} does not build");
    let messages = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<serde_json::Value>();
    messages
        .flatten()
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("an executable")
}
