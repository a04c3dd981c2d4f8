//! The command `cargo centrifugo` of this workspace.

use std::path::{Path, PathBuf};

/// Returns the folder of the workspace.
pub(crate) fn workspace() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the workspace")
}

/// Builds `cargo centrifugo`, and returns its path.
pub(crate) fn command_line() -> PathBuf {
    test_support::workspace_program("cargo-centrifugo")
}
