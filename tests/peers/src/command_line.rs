//! The command `cargo centrifugo` of this workspace.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the folder of the workspace.
pub(crate) fn workspace() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the workspace")
}

/// Builds `cargo centrifugo`, and returns its path.
pub(crate) fn command_line() -> PathBuf {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
        .current_dir(workspace())
        .args([
            "build",
            "--quiet",
            "--package",
            "cargo-centrifugo",
            "--bin",
            "cargo-centrifugo",
        ])
        .env("CARGO_TARGET_DIR", target())
        .status()
        .expect("cargo");
    assert!(status.success(), "cargo-centrifugo does not build");
    target().join("debug/cargo-centrifugo")
}

/// Returns the target folder of this test.
pub(crate) fn target() -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    let target = test.ancestors().nth(3).expect("the target folder");
    target.to_owned()
}
