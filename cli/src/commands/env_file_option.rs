//! The option `--env-file` of commands that start the program.

use std::path::{Path, PathBuf};

use clap::Args;

/// The environment of the program that a command starts.
#[derive(Args)]
pub(super) struct EnvFileOption {
    /// File with environment variables of the program that is started, as `NAME=value` lines.
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Program",
        conflicts_with = "address"
    )]
    env_file: Option<PathBuf>,
}

impl EnvFileOption {
    /// Returns the path of the file.
    pub(super) fn path(&self) -> Option<&Path> {
        self.env_file.as_deref()
    }
}
