//! The source of errors about malformed client messages.

use std::error::Error as StdError;
use std::fmt;

/// Says how a client's message is malformed, as the source of an error. It shows no value of the client's data.
#[derive(Debug)]
pub(crate) struct MalformedMessage(pub(crate) String);

impl fmt::Display for MalformedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for MalformedMessage {}
