//! Finds Centrifugo on this machine.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::process::{self, Child, read_lines};

/// What to do if there is no Centrifugo.
pub(crate) const HOW_TO_GET: &str = "Centrifugo is not on PATH. Get it from https://centrifugal.dev/docs/getting-started/installation (a single file), and put it on \
     PATH or name it with `--centrifugo PATH`. Going on without it: the console sends events to the program by itself.";

/// Returns the path of Centrifugo: the given one, or the first one on PATH.
///
/// # Errors
///
/// Returns an error if the given path is no file.
pub(crate) fn find(given: Option<&Path>) -> Result<Option<PathBuf>, String> {
    match given {
        Some(path) if path.is_file() => Ok(Some(path.to_owned())),
        Some(path) => Err(format!("--centrifugo: {} is no file", path.display())),
        None => {
            let folders = std::env::var_os("PATH").unwrap_or_default();
            Ok(std::env::split_paths(&folders)
                .map(|folder| folder.join("centrifugo"))
                .find(|path| path.is_file()))
        }
    }
}

/// Asks Centrifugo for its version, such as `6.9.6`.
pub(crate) async fn version(executable: &Path) -> Option<String> {
    let (mut command, control) = process::command(executable.as_os_str()).ok()?;
    command.arg("version");
    let (_child, output) = Child::start(command, control).await.ok()?;
    let mut version = None;
    let read = read_lines(output.stdout, 1024, |line| {
        version = version.take().or_else(|| parse_version(line));
    });
    let _ = tokio::time::timeout(Duration::from_secs(5), read).await;
    version
}

/// Reads a line such as `Centrifugo v6.9.6 (Go version: go1.26.0)`.
fn parse_version(line: &str) -> Option<String> {
    let word = line.strip_prefix("Centrifugo ")?.split_whitespace().next()?;
    Some(word.trim_start_matches('v').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version() {
        assert_eq!(
            parse_version("Centrifugo v6.9.6 (Go version: go1.26.0)").as_deref(),
            Some("6.9.6")
        );
        assert_eq!(parse_version("something else"), None);
    }

    #[test]
    fn says_that_a_given_path_is_wrong() {
        let error = find(Some(Path::new("/nowhere/centrifugo"))).unwrap_err();
        assert!(error.contains("/nowhere/centrifugo"), "{error}");
    }
}
