//! Files that commands write, or compare with what is there.

use std::fmt::Display;
use std::path::PathBuf;
use std::{fs, io};

use super::exit_status::ExitStatus;
use super::output_file::write_file;
use crate::printable::printable_start;

/// The longest part of a line in a message.
const MAX_LINE: usize = 120;

/// A file that a command makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GeneratedFile {
    path: PathBuf,
    text: String,
}

impl GeneratedFile {
    /// Creates a file in memory.
    pub(super) fn new(path: PathBuf, text: String) -> Self {
        Self { path, text }
    }

    /// Writes the file, and its folder if there is none. A file with the same text keeps its time.
    ///
    /// # Errors
    ///
    /// Returns an error with the path if the file cannot be written.
    fn write(&self) -> io::Result<()> {
        if self.difference()?.is_none() {
            return Ok(());
        }
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            fs::create_dir_all(folder).map_err(|error| self.error("the folder cannot be made", &error))?;
        }
        write_file(&self.path, &self.text)
    }

    /// Describes the first difference between the file on disk and what would be written. Line ends do not count.
    ///
    /// # Errors
    ///
    /// Returns an error with the path if the file is there and cannot be read.
    fn difference(&self) -> io::Result<Option<String>> {
        let path = self.path.display();
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Some(format!("{path}: the file is missing")));
            }
            Err(error) => return Err(self.error("the file cannot be read", &error)),
        };
        let found = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        if found == self.text {
            return Ok(None);
        }
        let (mut old, mut new, mut number) = (found.split('\n'), self.text.split('\n'), 1_u64);
        loop {
            match (old.next(), new.next()) {
                (Some(old), Some(new)) if old == new => number += 1,
                (old, new) => {
                    let (old, new) = (show(old), show(new));
                    return Ok(Some(format!(
                        "{path}:{number}: the file differs from what the program would give\n  in the file: {old}\n  now:         {new}"
                    )));
                }
            }
        }
    }

    fn error(&self, what: &str, error: &dyn Display) -> io::Error {
        io::Error::other(format!("{}: {what}: {error}", self.path.display()))
    }
}

/// Writes files, or with `is_check` prints to standard error how the files on disk differ from them.
pub(super) fn write_or_check(files: &[GeneratedFile], is_check: bool) -> io::Result<ExitStatus> {
    let mut status = ExitStatus::Success;
    for file in files {
        if !is_check {
            file.write()?;
        } else if let Some(difference) = file.difference()? {
            eprintln!("{difference}");
            status = ExitStatus::Findings;
        }
    }
    if status == ExitStatus::Findings {
        eprintln!("To update, run the command without `--check`.");
    }
    Ok(status)
}

fn show(line: Option<&str>) -> String {
    match line {
        None => "(end of the file)".to_owned(),
        Some(line) => printable_start(line, MAX_LINE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_and_compares() {
        let folder = std::env::temp_dir().join(format!("generated-file-{}", std::process::id()));
        let path = folder.join("a/api.ts");
        let file = |text: &str| GeneratedFile::new(path.clone(), text.to_owned());
        let difference = |text: &str| file(text).difference().unwrap().unwrap_or_default();
        assert!(difference("a\n").ends_with("api.ts: the file is missing"));
        file("a\nb\n").write().unwrap();
        assert_eq!(difference("a\nb\n"), "");
        assert!(
            difference("a\nc\n").contains("api.ts:2: "),
            "{}",
            difference("a\nc\n")
        );
        assert!(difference("a\nc\n").ends_with("in the file: b\n  now:         c"));
        assert!(difference("a\nb\nc\n").contains(":3: "));
        assert!(difference("a").ends_with("now:         (end of the file)"));
        fs::write(&path, "a\r\nb\r\n").unwrap();
        assert_eq!(difference("a\nb\n"), "");
        let error = GeneratedFile::new(folder.clone(), String::new())
            .write()
            .unwrap_err()
            .to_string();
        assert!(error.contains("the file cannot be read"), "{error}");
        fs::remove_dir_all(folder).unwrap();
    }
}
