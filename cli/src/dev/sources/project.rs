//! The project as cargo describes it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::program::ProgramOptions;

/// Where the sources are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) root: PathBuf,
    /// The folders of the packages of the workspace and of their path dependencies.
    pub(crate) folders: BTreeSet<PathBuf>,
    /// Single files beside them.
    pub(crate) files: BTreeSet<PathBuf>,
    /// Not a source.
    pub(crate) target: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    path: Option<PathBuf>,
}

impl Project {
    /// Asks cargo for the packages of the workspace. Without an answer, which a broken Cargo.toml causes, the folder of the
    /// manifest is the project.
    pub(crate) fn find(options: &ProgramOptions) -> Self {
        let manifest = options.manifest_path.as_deref();
        Self::of_cargo(options).unwrap_or_else(|| {
            let folder = manifest
                .and_then(Path::parent)
                .filter(|folder| !folder.as_os_str().is_empty())
                .unwrap_or(Path::new("."));
            let root = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
            Self {
                name: name_of(&root),
                target: root.join("target"),
                folders: [root.clone()].into(),
                files: BTreeSet::new(),
                root,
            }
        })
    }

    fn of_cargo(options: &ProgramOptions) -> Option<Self> {
        let manifest = options
            .manifest_path
            .as_deref()
            .map(|path| Path::new(".").join(path));
        let manifest = manifest.as_deref();
        let mut command = Command::new(super::build::cargo());
        command.args(["metadata", "--format-version", "1", "--no-deps", "--quiet"]);
        if let Some(path) = manifest {
            command.arg("--manifest-path").arg(path);
        }
        let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        let metadata: Metadata = serde_json::from_slice(&output.stdout).ok()?;
        let mut folders = BTreeSet::new();
        for package in &metadata.packages {
            folders.extend(package.manifest_path.parent().map(Path::to_owned));
            folders.extend(
                package
                    .dependencies
                    .iter()
                    .filter_map(|dependency| dependency.path.clone()),
            );
        }
        let name = match (&options.package, metadata.packages.as_slice()) {
            (Some(name), _) => name.clone(),
            (None, [package]) => package.name.clone(),
            (None, packages) => {
                let folder = match manifest.and_then(Path::parent) {
                    Some(folder) => folder.canonicalize().ok()?,
                    None => std::env::current_dir().ok()?,
                };
                let package = package_of(packages, &folder);
                package.map_or_else(
                    || name_of(&metadata.workspace_root),
                    |package| package.name.clone(),
                )
            }
        };
        let files = [
            "Cargo.toml",
            "Cargo.lock",
            ".cargo/config.toml",
            "rust-toolchain.toml",
        ];
        Some(Self {
            name,
            folders,
            files: files
                .map(|file| metadata.workspace_root.join(file))
                .into_iter()
                .collect(),
            root: metadata.workspace_root,
            target: metadata.target_directory,
        })
    }
}

/// Returns the package that cargo takes in a folder: the one whose manifest is nearest.
fn package_of<'a>(packages: &'a [Package], folder: &Path) -> Option<&'a Package> {
    packages
        .iter()
        .filter_map(|package| Some((package.manifest_path.parent()?, package)))
        .filter(|(of, _)| folder.starts_with(of))
        .max_by_key(|(of, _)| of.components().count())
        .map(|(_, package)| package)
}

fn name_of(folder: &Path) -> String {
    folder
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_package_of_the_folder() {
        let packages = ["/w", "/w/examples/tour", "/other"].map(|folder| Package {
            name: folder.to_owned(),
            manifest_path: Path::new(folder).join("Cargo.toml"),
            dependencies: Vec::new(),
        });
        let name = |folder| package_of(&packages, Path::new(folder)).map(|package| package.name.as_str());
        assert_eq!(name("/w/examples/tour/src"), Some("/w/examples/tour"));
        assert_eq!(name("/w/examples"), Some("/w"));
        assert_eq!(name("/elsewhere"), None);
    }
}
