//! The error of a `Host`.

use std::process::ExitStatus;
use std::time::Duration;
use std::{fmt, io};

use super::received::Received;
use crate::error::BoxError;

/// The reason why communication with a worker failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum HostError {
    /// The process did not start, or reading from or writing to the relay failed.
    Io(io::Error),
    /// The worker did not answer in time.
    NoAnswer(Duration),
    /// The worker ended before the handshake.
    Ended(ExitStatus),
    /// The host has already closed the relay.
    HungUp,
    /// The worker sent a frame for which RoadRunner would kill it.
    Unexpected(Received),
    /// The answer is not a response to this kind of event.
    Answer(BoxError),
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the relay to the worker failed: {error}"),
            Self::NoAnswer(limit) => write!(f, "the worker sent nothing within {limit:?}"),
            Self::Ended(status) => write!(f, "the worker ended before the handshake: {status}"),
            Self::HungUp => f.write_str("the host has closed the relay"),
            Self::Unexpected(received) => write!(f, "the worker sent an unexpected frame: {received:?}"),
            Self::Answer(error) => write!(f, "the answer can't be decoded: {error}"),
        }
    }
}

impl std::error::Error for HostError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Answer(error) => Some(&**error),
            Self::NoAnswer(_) | Self::Ended(_) | Self::HungUp | Self::Unexpected(_) => None,
        }
    }
}
