//! The source of the internal error of a handler that did not return.

use std::fmt;

/// Why a handler did not return. Metrics and spans tell such internal errors from those that handlers return.
#[derive(Debug)]
pub(crate) enum HandlerFailure {
    /// The handler panicked with this text.
    Panicked(String),
    /// The handler had no reply at its time limit. The text says which limit.
    TimedOut(String),
}

impl fmt::Display for HandlerFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(text) => write!(f, "panicked: {text}"),
            Self::TimedOut(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for HandlerFailure {}
