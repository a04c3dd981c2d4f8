//! A temporary project.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The project of a test. It is built into the target folder of this workspace, so that its dependencies are built only once.
pub(crate) struct Project {
    name: String,
    folder: PathBuf,
}

const MAIN: &str = r#"
use std::time::Duration;

#[centrifugo::connect]
fn connect() -> centrifugo::reply::Connect {
    centrifugo::reply::Connect::anonymous()
}

#[centrifugo::rpc("version")]
fn version() -> centrifugo::Json<u32> {
    centrifugo::Json(1)
}

#[centrifugo::rpc("slow")]
fn slow() -> centrifugo::Json<u32> {
    std::thread::sleep(Duration::from_millis(3000));
    centrifugo::Json(1)
}

#[centrifugo::rpc("environment")]
fn environment() -> centrifugo::Json<Vec<String>> {
    let value = std::env::var("GREETING").unwrap_or_default();
    centrifugo::Json(std::env::args().skip(1).chain([value]).collect())
}

#[centrifugo::rpc("fail")]
fn fail() -> Result<(), centrifugo::Error> {
    eprintln!("a line of the handler");
    Err(centrifugo::Error::internal("no row"))
}

#[centrifugo::rpc("exit")]
fn exit() {
    std::process::exit(7)
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
"#;

impl Project {
    /// Writes a project. Tests that run at the same time need different names.
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("dev-test-{name}");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("src")).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        // The same lock file and profile, so that the dependencies are the same.
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\ncentrifugo = {{ path = {:?} }}\n\
             tokio-stream = {{ version = \"0.1\", default-features = false }}\n\n\
             [workspace]\n\n[profile.dev]\ndebug = \"line-tables-only\"\n\n[profile.dev.package.\"*\"]\ndebug = false\n",
            root.join("runtime")
        );
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        let project = Self { name, folder };
        project.write("src/main.rs", MAIN);
        project
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Replaces text of `main.rs`.
    pub(crate) fn edit(&self, old: &str, new: &str) {
        let text = fs::read_to_string(self.path("src/main.rs")).unwrap();
        assert!(text.contains(old), "{old} is not in the source");
        self.write("src/main.rs", &text.replace(old, new));
    }

    /// Makes the answer of `version` this number.
    pub(crate) fn set_version(&self, old: u32, new: u32) {
        self.edit(
            &format!("centrifugo::Json<u32> {{\n    centrifugo::Json({old})"),
            &format!("centrifugo::Json<u32> {{\n    centrifugo::Json({new})"),
        );
    }

    /// Builds the program, and returns its path.
    pub(crate) fn build(&self) -> PathBuf {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        command
            .args(["build", "--quiet", "--offline"])
            .env("CARGO_TARGET_DIR", target())
            .current_dir(&self.folder);
        assert!(command.status().unwrap().success());
        self.executable()
    }

    pub(crate) fn executable(&self) -> PathBuf {
        target().join("debug").join(&self.name)
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Writes a script for `sh`, in one step, so that it is never seen half written.
pub(crate) fn write_script(path: &Path, text: &str) {
    let new = path.with_extension("new");
    fs::write(&new, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).unwrap();
    fs::rename(&new, path).unwrap();
}

/// The target folder of this workspace.
pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .to_owned()
}
