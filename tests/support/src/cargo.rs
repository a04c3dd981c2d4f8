//! Runs cargo in tests. What one test has built is used by the others if they agree on the folder, on the versions, on the profile,
//! and on the features of dependencies.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The profile of this workspace, for the manifest of a workspace outside of it.
pub const PROFILE: &str =
    "[profile.dev]\ndebug = \"line-tables-only\"\n\n[profile.dev.package.\"*\"]\ndebug = false\n";

/// Returns the command `cargo` that builds into the folder of this test.
///
/// It has no variables that cargo sets for this test. The build script of ring runs again when they change, and ring and all that
/// depends on it would be compiled again by each test, and by the next `cargo test`.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let is_of_cargo = name.to_str().is_some_and(|name| {
            let starts = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"];
            name == "OUT_DIR" || starts.iter().any(|start| name.starts_with(start))
        });
        if is_of_cargo {
            command.env_remove(name);
        }
    }
    command.env("CARGO_TARGET_DIR", target());
    command
}

/// Returns the target folder into which this test was built.
pub fn target() -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    // The test is in `debug/deps`.
    test.ancestors().nth(3).expect("the target folder").to_owned()
}

/// Builds a program of this workspace. Returns its path.
///
/// The features are those of `cargo test` for the whole workspace, so that all that is compiled for it is used: the command selects
/// the same packages, and a test, which adds the features of dev-dependencies.
pub fn workspace_program(name: &str) -> PathBuf {
    let status = cargo()
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .args(["build", "--bin", name])
        // The test of the smallest package.
        .args(["--test", "direct"])
        .stdin(Stdio::null())
        .status()
        .expect("cargo");
    assert!(status.success(), "{name} does not build");
    target().join("debug").join(name)
}
