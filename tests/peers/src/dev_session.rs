//! A project under `cargo centrifugo dev`, with Centrifugo.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::folder::Folder;
use crate::{ClientUrl, Process, ports, programs};

/// Long enough for a build of all dependencies.
const LIMIT: Duration = Duration::from_secs(600);

/// A project that `dev` builds and runs.
pub struct DevSession {
    /// `dev`.
    pub process: Process,
    url: String,
    source: PathBuf,
    // Dropped after the process that writes to it.
    _folder: Folder,
}

impl DevSession {
    /// Writes a project with this `main.rs`, and starts `dev` for it.
    pub fn start(name: &str, main: &str) -> Self {
        let folder = Folder::new();
        let path = folder.path();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let root = root.canonicalize().expect("the workspace");
        fs::create_dir_all(path.join("src")).expect("a project");
        fs::copy(root.join("Cargo.lock"), path.join("Cargo.lock")).expect("a project");
        // The same profile as in this workspace, so that the dependencies are built only once.
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\ncentrifugo = {{ path = {:?} }}\n\n\
             [workspace]\n\n[profile.dev]\ndebug = \"line-tables-only\"\n\n[profile.dev.package.\"*\"]\ndebug = false\n",
            root.join("runtime")
        );
        fs::write(path.join("Cargo.toml"), manifest).expect("a project");
        let source = path.join("src/main.rs");
        fs::write(&source, main).expect("a project");
        let port = ports::free();
        let mut command = Command::new(command_line(&root));
        command
            .current_dir(path)
            .args(["dev", "--centrifugo-port", &port.to_string(), "--centrifugo"])
            .arg(programs::centrifugo())
            .env("CARGO_TARGET_DIR", target());
        let process = Process::start("dev", command, path);
        let session = Self {
            process,
            url: format!("ws://127.0.0.1:{port}/connection/websocket"),
            source,
            _folder: folder,
        };
        session.wait_for_log("Centrifugo is ready: ");
        assert!(
            session.process.log().contains(&session.url),
            "{}",
            session.process.log()
        );
        session
    }

    /// Replaces text of `main.rs`.
    pub fn edit(&self, old: &str, new: &str) {
        let text = fs::read_to_string(&self.source).expect("the source");
        assert!(text.contains(old), "{old} is not in the source");
        fs::write(&self.source, text.replacen(old, new, 1)).expect("the source");
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
        self.source
            .parent()
            .and_then(Path::parent)
            .expect("the folder of a file")
    }
}

impl ClientUrl for DevSession {
    fn url(&self) -> String {
        self.url.clone()
    }
}

/// Builds `cargo centrifugo`, and returns its path.
fn command_line(root: &Path) -> PathBuf {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
        .current_dir(root)
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
fn target() -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    let target = test.ancestors().nth(3).expect("the target folder");
    target.to_owned()
}
