//! A project before and while it is written.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::template::{BARE, FULL, FULL_DIRECT, FULL_ROADRUNNER, ROADRUNNER, TemplateFile};
use super::{InvalidName, check_name};

/// A project to be written.
#[derive(Clone, Debug)]
pub struct NewProject {
    folder: PathBuf,
    name: String,
    is_bare: bool,
    has_roadrunner: bool,
    crate_folder: Option<PathBuf>,
}

impl NewProject {
    /// Plans a project in a folder that does not exist. The last part of the path is the name of the package.
    ///
    /// # Errors
    ///
    /// Returns an error if this cannot be the name of a package, or if the folder exists.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self, NewProjectError> {
        let folder = folder.into();
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        check_name(&name).map_err(NewProjectError::Name)?;
        // A link to nowhere exists, too.
        if folder.symlink_metadata().is_ok() {
            return Err(NewProjectError::Exists(folder));
        }
        Ok(Self {
            folder,
            name,
            is_bare: false,
            has_roadrunner: false,
            crate_folder: None,
        })
    }

    /// Leaves out the channel type, the page, the Dockerfile and the CI file.
    #[must_use]
    pub fn bare(mut self, is_bare: bool) -> Self {
        self.is_bare = is_bare;
        self
    }

    /// Adds the configuration of RoadRunner.
    #[must_use]
    pub fn roadrunner(mut self, has_roadrunner: bool) -> Self {
        self.has_roadrunner = has_roadrunner;
        self
    }

    /// Uses the crate `centrifugo` in this folder, which may be the folder of the whole repository.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder does not have the crate.
    pub fn crate_folder(mut self, folder: &Path) -> Result<Self, NewProjectError> {
        let missing = || NewProjectError::NoCrate(folder.to_owned());
        let folder = folder.canonicalize().map_err(|_| missing())?;
        let candidates = [folder.join("runtime"), folder];
        let found = candidates.into_iter().find(|folder| has_crate(folder));
        self.crate_folder = Some(found.ok_or_else(missing)?);
        Ok(self)
    }

    /// Writes the project. Returns the paths of its files inside of the folder.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be written. What was written until then stays.
    pub fn write(&self) -> Result<Vec<&'static str>, NewProjectError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| NewProjectError::Write { path, error }
        };
        if let Some(parent) = self.folder.parent() {
            fs::create_dir_all(parent).map_err(failed(parent))?;
        }
        // Fails if the folder was created meanwhile.
        fs::create_dir(&self.folder).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => NewProjectError::Exists(self.folder.clone()),
            _ => failed(&self.folder)(error),
        })?;
        let mut paths = Vec::new();
        for file in self.files() {
            let path = self.folder.join(file.path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(failed(parent))?;
            }
            fs::write(&path, self.fill_in(file.text)).map_err(failed(&path))?;
            paths.push(file.path);
        }
        paths.sort_unstable();
        Ok(paths)
    }

    /// Returns the workspace whose folder has the new one, if there is one. cargo wants such a package to be a member.
    pub fn outer_workspace(&self) -> Option<PathBuf> {
        let folder = self.folder.canonicalize().ok()?;
        let mut manifests = folder.ancestors().skip(1).map(|folder| folder.join("Cargo.toml"));
        manifests.find(|manifest| {
            fs::read_to_string(manifest)
                .is_ok_and(|text| text.lines().any(|line| line.trim().starts_with("[workspace")))
        })
    }

    fn files(&self) -> impl Iterator<Item = &'static TemplateFile> {
        let (files, docker) = match (self.is_bare, self.has_roadrunner) {
            (true, _) => (BARE, &[][..]),
            (false, true) => (FULL, FULL_ROADRUNNER),
            (false, false) => (FULL, FULL_DIRECT),
        };
        let roadrunner = if self.has_roadrunner { ROADRUNNER } else { &[] };
        files.iter().chain(docker).chain(roadrunner)
    }

    fn fill_in(&self, text: &str) -> String {
        let dependency = match &self.crate_folder {
            Some(folder) => format!("path = {}", toml_string(&folder.to_string_lossy())),
            None => "version = \"0.1\"".to_owned(),
        };
        let (endpoint, grpc_api, run, describe, files) = if self.has_roadrunner {
            (
                "127.0.0.1:30000",
                "\n  \"grpc_api\": { \"enabled\": true, \"address\": \"127.0.0.1\", \"port\": 10000 },",
                "cargo build --release && rr serve",
                "roadrunner",
                "| `.rr.yaml` | the configuration of RoadRunner |\n",
            )
        } else {
            ("127.0.0.1:10001", "", "cargo run", "config", "")
        };
        text.replace("{{name}}", &self.name)
            .replace("{{crate}}", &dependency)
            .replace("{{endpoint}}", endpoint)
            .replace("{{grpc_api}}", grpc_api)
            .replace("{{run}}", run)
            .replace("{{describe}}", describe)
            .replace("{{files}}", files)
    }
}

fn has_crate(folder: &Path) -> bool {
    let manifest = fs::read_to_string(folder.join("Cargo.toml"));
    manifest.is_ok_and(|text| text.lines().any(|line| line == "name = \"centrifugo\""))
}

fn toml_string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Why a project was not written.
#[derive(Debug)]
#[non_exhaustive]
pub enum NewProjectError {
    /// The name is none for a package.
    Name(InvalidName),
    /// The folder exists.
    Exists(PathBuf),
    /// The folder does not have the crate `centrifugo`.
    NoCrate(PathBuf),
    /// A file or a folder cannot be written.
    Write {
        /// The file or the folder.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl fmt::Display for NewProjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(error) => error.fmt(f),
            Self::Exists(path) => write!(
                f,
                "`{}` exists; choose another name, or remove it",
                path.display()
            ),
            Self::NoCrate(path) => write!(
                f,
                "`{}` does not have the crate `centrifugo`; give the folder of its Cargo.toml, or of its repository",
                path.display()
            ),
            Self::Write { path, error } => write!(f, "`{}` cannot be written: {error}", path.display()),
        }
    }
}

impl std::error::Error for NewProjectError {}
