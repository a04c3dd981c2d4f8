//! Runs the command on a program that prints a description.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with a program, removed on drop.
pub struct Folder(PathBuf);

/// How the command ended, and what it printed.
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Folder {
    /// Makes a folder with a program that prints this description.
    pub fn new(name: &str, description: &str) -> Self {
        let path = std::env::temp_dir().join(format!("cargo-centrifugo-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        let folder = Self(path);
        folder.write("description.json", description);
        folder.write(
            "program",
            "#!/bin/sh\nexec cat \"$(dirname \"$0\")/description.json\"\n",
        );
        fs::set_permissions(folder.path("program"), fs::Permissions::from_mode(0o755)).expect("a program");
        folder
    }

    /// Returns the path of a file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file");
    }

    /// Reads a file.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    /// Runs the command on the program.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-centrifugo"));
        command
            .arg("centrifugo")
            .args(arguments)
            .args(["--executable", "./program"]);
        run(command.current_dir(&self.0))
    }
}

/// Runs a command of `cargo centrifugo` in a folder.
pub fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-centrifugo"));
    run(command.arg("centrifugo").args(arguments).current_dir(folder))
}

fn run(command: &mut Command) -> Run {
    let output = command.output().expect("the command");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Run {
        code: output.status.code(),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
