//! The programs of the folder `examples`.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Builds an example. Returns the path of the program.
pub(crate) fn build_example(package: &str) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--package", package, "--message-format", "json"])
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{package} does not build");
    let messages = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<serde_json::Value>();
    messages
        .flatten()
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("an executable")
}
