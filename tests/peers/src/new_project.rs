//! A project that `cargo centrifugo new` makes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use test_support::{PROFILE, cargo, target};

use crate::command_line::{command_line, workspace};
use crate::folder::Folder;

/// A new project with the crate of this workspace.
pub struct NewProject {
    pub(crate) folder: Folder,
    pub(crate) path: PathBuf,
}

impl NewProject {
    /// Makes a project with these options of `cargo centrifugo new`.
    pub fn new(name: &str, options: &[&str]) -> Self {
        let folder = Folder::new();
        let mut command = Command::new(command_line());
        command
            .current_dir(folder.path())
            .args(["new", name])
            .args(options);
        let output = command.arg("--path").arg(workspace()).output();
        let output = output.expect("cargo-centrifugo");
        assert!(output.status.success(), "{output:?}");
        let path = folder.path().join(name);
        Self { folder, path }
    }

    /// Builds the program, and puts it where `cargo build --release` does. Without optimizations, because the dependencies are built
    /// without them already.
    pub fn build(&self) {
        use_workspace(&self.path);
        let mut command = cargo();
        command.current_dir(&self.path).args(["build", "--quiet"]);
        let status = command.status().expect("cargo");
        assert!(status.success(), "the new project does not build");
        let name = self.path.file_name().expect("a name");
        let release = self.path.join("target/release");
        fs::create_dir_all(&release).expect("a folder for the program");
        fs::copy(target().join("debug").join(name), release.join(name)).expect("the program");
    }
}

/// Makes a project in the folder of a test use the dependencies that are built for this workspace.
pub(crate) fn use_workspace(project: &Path) {
    let manifest = project.join("Cargo.toml");
    let mut text = fs::read_to_string(&manifest).expect("the manifest");
    // The folder is inside of this workspace. The profile is the same, so that the dependencies are built only once.
    text += "\n[workspace]\n\n";
    text += PROFILE;
    fs::write(manifest, text).expect("the manifest");
    fs::copy(workspace().join("Cargo.lock"), project.join("Cargo.lock")).expect("a project");
}
