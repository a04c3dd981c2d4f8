//! Builds the user's program with cargo.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use serde::Deserialize;
use toml_edit::Document;

use super::ProgramOptions;
use super::pieces::read_pieces;

/// The longest message of cargo, in bytes. Longer lines are not read as messages.
pub(crate) const MAX_MESSAGE_LEN: usize = 16 << 20;

/// Builds the program, and returns the path of its executable. What the compiler says goes to standard error.
///
/// # Errors
///
/// Returns an error if the program does not compile, or if it is not clear which program is meant.
pub fn build(options: &ProgramOptions) -> Result<PathBuf, BuildError> {
    if let Some(executable) = &options.executable {
        return Ok(executable.clone());
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut child = Command::new(cargo)
        .args(["build", "--message-format=json-render-diagnostics"])
        .args(options.cargo_arguments())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(BuildError::NoCargo)?;
    let mut executables = Vec::new();
    if let Some(output) = child.stdout.take() {
        // Procedural macros can print anything there, too.
        let on_line = |line: &str| executables.extend(executable_of(line));
        read_pieces(output, MAX_MESSAGE_LEN as u64, on_line).map_err(BuildError::Output)?;
    }
    let status = child.wait().map_err(BuildError::Output)?;
    if !status.success() {
        return Err(BuildError::Failed(status));
    }
    choose(executables)
}

/// A message of cargo about something that it built.
#[derive(Deserialize)]
struct Artifact {
    reason: String,
    executable: Option<PathBuf>,
    target: Target,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// A program that cargo has built.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Executable {
    name: String,
    path: PathBuf,
    manifest: PathBuf,
}

pub(crate) fn executable_of(line: &str) -> Option<Executable> {
    let artifact: Artifact = serde_json::from_str(line).ok()?;
    if artifact.reason != "compiler-artifact" {
        return None;
    }
    Some(Executable {
        name: artifact.target.name,
        path: artifact.executable?,
        manifest: artifact.manifest_path,
    })
}

/// Returns the only program, or the one that `default-run` names.
pub(crate) fn choose(mut executables: Vec<Executable>) -> Result<PathBuf, BuildError> {
    if executables.len() > 1 {
        let default = executables
            .iter()
            .position(|executable| default_run(&executable.manifest).as_deref() == Some(&executable.name));
        if let Some(default) = default {
            return Ok(executables.swap_remove(default).path);
        }
        let names = executables.into_iter().map(|executable| executable.name);
        return Err(BuildError::SeveralPrograms(names.collect()));
    }
    let executable = executables.pop().ok_or(BuildError::NoProgram)?;
    Ok(executable.path)
}

/// Returns the value of `default-run` in a Cargo.toml.
fn default_run(manifest: &Path) -> Option<String> {
    let text = std::fs::read_to_string(manifest).ok()?;
    let manifest = Document::parse(text).ok()?;
    let value = manifest.get("package")?.get("default-run")?.as_str()?;
    Some(value.to_owned())
}

/// Why a program was not built.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// cargo cannot be run.
    NoCargo(std::io::Error),
    /// The output of cargo cannot be read.
    Output(std::io::Error),
    /// cargo has failed, and has said why.
    Failed(ExitStatus),
    /// cargo has failed, as this text says, and its messages were passed on.
    Stopped(String),
    /// The package has no program.
    NoProgram,
    /// The package or the workspace has several programs.
    SeveralPrograms(Vec<String>),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCargo(error) => write!(f, "cargo cannot be run: {error}"),
            Self::Output(error) => write!(f, "the output of cargo cannot be read: {error}"),
            Self::Failed(status) => write!(f, "`cargo build` failed ({status}); its messages are above"),
            Self::Stopped(how) => write!(f, "`cargo build` ended with {how}"),
            Self::NoProgram => f.write_str(
                "the package has no program (src/main.rs); choose another one with `--package NAME`",
            ),
            Self::SeveralPrograms(names) => write!(
                f,
                "there are several programs; choose one with `--package NAME` or `--bin NAME`: {}",
                names.join(", ")
            ),
        }
    }
}

impl std::error::Error for BuildError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn executable(name: &str) -> Executable {
        Executable {
            name: name.into(),
            path: name.into(),
            manifest: "/nowhere/Cargo.toml".into(),
        }
    }

    #[test]
    fn finds_executables_in_the_messages() {
        let line = r#"{"reason":"compiler-artifact","manifest_path":"/a/Cargo.toml","target":{"name":"app","kind":["bin"]},"executable":"/a/target/debug/app","fresh":true}"#;
        assert_eq!(executable_of(line).unwrap().name, "app");
        for other in [
            &line.replace("compiler-artifact", "x"),
            &line.replace("\"/a/target/debug/app\"", "null"),
            "x",
            "{}",
        ] {
            assert_eq!(executable_of(other), None, "{other}");
        }
    }

    #[test]
    fn chooses_the_only_program() {
        assert_eq!(choose(vec![executable("a")]).unwrap(), PathBuf::from("a"));
        let error = choose(vec![executable("a"), executable("b")])
            .unwrap_err()
            .to_string();
        assert!(error.contains("--bin NAME`: a, b"), "{error}");
        assert!(matches!(choose(Vec::new()), Err(BuildError::NoProgram)));
    }

    #[test]
    fn chooses_the_program_that_the_manifest_names() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("Cargo.toml");
        for (text, expected) in [
            ("[package]\ndefault-run = \"b\" # main\n", true),
            ("package.default-run = 'b'\n", true),
            ("[package]\n# default-run = \"b\"\n", false),
            ("[package]\nreadme = \"\"\"\ndefault-run = 'b'\n\"\"\"\n", false),
            ("[package\n", false),
        ] {
            std::fs::write(&manifest, text).unwrap();
            let executables = ["a", "b"].map(|name| Executable {
                manifest: manifest.clone(),
                ..executable(name)
            });
            let chosen = choose(executables.into());
            assert_eq!(chosen.ok(), expected.then(|| PathBuf::from("b")), "{text}");
        }
    }
}
