//! Why a description cannot be read.

use std::fmt;

/// Why what a program printed is no description.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidDescription {
    /// The program printed nothing.
    Empty,
    /// The program printed text without JSON.
    NotJson,
    /// The program printed a description without a version, as the crate did before there was one.
    NoVersion,
    /// The version is not known.
    Version(String),
    /// The content does not fit the format.
    Content(String),
}

impl fmt::Display for InvalidDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str(
                "the program printed nothing for WORKER_DESCRIBE=json; does its `main` call `centrifugo::serve()` or `Server::build`?",
            ),
            Self::NotJson => f.write_str(
                "the program printed no JSON for WORKER_DESCRIBE=json; does its `main` call `centrifugo::serve()` or `Server::build`?",
            ),
            Self::NoVersion => f.write_str(
                "the description has no version, so the program is built with an older version of the crate `centrifugo`; update it with \
                 `cargo update -p centrifugo`",
            ),
            Self::Version(version) => write!(
                f,
                "the description has version {version}, which this `cargo centrifugo` does not know; install the `cargo-centrifugo` that \
                 belongs to the version of the crate `centrifugo` in Cargo.lock"
            ),
            Self::Content(problem) => write!(f, "the description cannot be read: {problem}"),
        }
    }
}

impl std::error::Error for InvalidDescription {}
