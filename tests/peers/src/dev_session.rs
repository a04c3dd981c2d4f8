//! A program under `cargo centrifugo dev`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use test_support::target;

use crate::command_line::{command_line, workspace};
use crate::folder::Folder;
use crate::new_project::{NewProject, use_workspace};
use crate::{ClientUrl, Process, ports, programs};

/// Long enough for a build of all dependencies.
const LIMIT: Duration = Duration::from_secs(600);

/// A program that `dev` runs.
pub struct DevSession {
    /// `dev`.
    pub process: Process,
    url: String,
    project: PathBuf,
    // Dropped after the process that writes to it.
    _folder: Folder,
}

impl DevSession {
    /// Writes a project with this `main.rs`, and starts `dev` for it. Returns when Centrifugo runs.
    pub fn start(name: &str, main: &str) -> Self {
        let folder = Folder::new();
        let path = folder.path();
        fs::create_dir_all(path.join("src")).expect("a project");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\ncentrifugo = {{ path = {:?} }}\n",
            workspace().join("runtime")
        );
        fs::write(path.join("Cargo.toml"), manifest).expect("a project");
        fs::write(path.join("src/main.rs"), main).expect("a project");
        let project = path.to_owned();
        let session = Self::run(folder, project);
        session.wait_for_log("Centrifugo is ready: ");
        session
    }

    /// Makes a project with `cargo centrifugo new`, and starts `dev` for it. Returns when the console can be opened.
    pub fn new_project(name: &str) -> Self {
        let project = NewProject::new(name, &[]);
        Self::run(project.folder, project.path)
    }

    /// Starts `dev` without Centrifugo for a program that is built already. Returns when the program runs.
    pub fn of_executable(executable: &Path) -> Self {
        let folder = Folder::new();
        let path = folder.path().to_owned();
        let session = Self::launch(folder, path, |command| {
            command
                .args(["dev", "--no-centrifugo", "--executable"])
                .arg(executable)
                .env("NOTES", "notes");
        });
        session.wait_for_log("the program is ready");
        session
    }

    /// Starts `dev` with Centrifugo in the folder of a project.
    fn run(folder: Folder, project: PathBuf) -> Self {
        use_workspace(&project);
        let port = ports::free();
        let session = Self::launch(folder, project, |command| {
            command
                .args(["dev", "--centrifugo-port", &port.to_string(), "--centrifugo"])
                .arg(programs::centrifugo());
        });
        Self {
            url: format!("ws://127.0.0.1:{port}/connection/websocket"),
            ..session
        }
    }

    fn launch(folder: Folder, project: PathBuf, add_arguments: impl FnOnce(&mut Command)) -> Self {
        let mut command = Command::new(command_line());
        command.current_dir(&project).env("CARGO_TARGET_DIR", target());
        add_arguments(&mut command);
        let session = Self {
            process: Process::start("dev", command, folder.path()),
            url: String::new(),
            project,
            _folder: folder,
        };
        session.wait_for_log("console: ");
        session
    }

    /// Returns the address of the console.
    pub fn console(&self) -> String {
        let log = self.process.log();
        let (_, rest) = log.split_once("console: ").expect("the address of the console");
        rest.lines().next().expect("a line").to_owned()
    }

    /// Runs another command of `cargo centrifugo` in the folder of the project. Returns its exit code and what it printed.
    pub fn command(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = Command::new(command_line())
            .current_dir(&self.project)
            .env("CARGO_TARGET_DIR", target())
            .args(arguments)
            .output()
            .expect("cargo-centrifugo");
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&text).into_owned())
    }

    /// Replaces text of `main.rs`.
    pub fn edit(&self, old: &str, new: &str) {
        let source = self.project.join("src/main.rs");
        let text = fs::read_to_string(&source).expect("the source");
        assert!(text.contains(old), "{old} is not in the source");
        fs::write(&source, text.replacen(old, new, 1)).expect("the source");
    }

    /// Waits until `dev` has said this.
    pub fn wait_for_log(&self, text: &str) {
        let end = Instant::now() + LIMIT;
        while !self.process.log().contains(text) {
            assert!(Instant::now() < end, "no `{text}`:\n{}", self.process.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Returns the folder of the project.
    pub fn folder(&self) -> &Path {
        &self.project
    }
}

impl ClientUrl for DevSession {
    fn url(&self) -> String {
        self.url.clone()
    }
}
