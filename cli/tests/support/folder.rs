//! Temporary folders with a program that prints a description.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::{Printed, cargo_centrifugo, run};

/// A folder with a program, removed on drop.
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// Makes an empty folder.
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Makes a folder with a program that prints this description.
    pub fn with_program(description: &str) -> Self {
        let folder = Self::new();
        folder.write("description.json", description);
        folder.write_program("exec cat \"$(dirname \"$0\")/description.json\"");
        folder
    }

    /// Writes the program `program`, a script for sh. Returns its path.
    pub fn write_program(&self, script: &str) -> PathBuf {
        self.write_script("program", script)
    }

    /// Writes a script for sh. Returns its path.
    pub fn write_script(&self, name: &str, script: &str) -> PathBuf {
        let path = self.path(name);
        self.write(name, &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
        path
    }

    /// Returns the path of a file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file");
    }

    /// Reads a file.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    /// Runs a command of `cargo centrifugo` on the program.
    pub fn run(&self, arguments: &[&str]) -> Printed {
        self.run_in(&[arguments, &["--executable", "./program"]].concat())
    }

    /// Runs a command of `cargo centrifugo` in the folder.
    pub fn run_in(&self, arguments: &[&str]) -> Printed {
        run_in(self.0.path(), arguments)
    }
}

/// Runs a command of `cargo centrifugo` in a folder.
pub fn run_in(folder: &Path, arguments: &[&str]) -> Printed {
    run(cargo_centrifugo().args(arguments).current_dir(folder))
}
