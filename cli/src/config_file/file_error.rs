//! Why a configuration file cannot be read.

use std::fmt;
use std::path::PathBuf;

/// Why a configuration file cannot be read or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileError {
    /// The path of the file, if it is known.
    pub path: Option<PathBuf>,
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// The column in characters, counted from 1.
    pub column: Option<usize>,
    /// What is wrong.
    pub problem: String,
}

impl FileError {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self {
            path: None,
            line: None,
            column: None,
            problem: problem.into(),
        }
    }

    #[must_use]
    pub(crate) fn at(mut self, (line, column): (usize, usize)) -> Self {
        (self.line, self.column) = (Some(line), Some(column));
        self
    }

    #[must_use]
    pub(crate) fn in_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = [self.line, self.column];
        match &self.path {
            Some(path) => {
                write!(f, "{}", path.display())?;
                for number in place.into_iter().flatten() {
                    write!(f, ":{number}")?;
                }
                f.write_str(": ")?;
            }
            None => {
                for (name, number) in ["line", "column"].into_iter().zip(place) {
                    if let Some(number) = number {
                        write!(f, "{name} {number}, ")?;
                    }
                }
            }
        }
        f.write_str(&self.problem)
    }
}

impl std::error::Error for FileError {}
