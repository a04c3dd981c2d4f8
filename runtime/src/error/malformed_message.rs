//! The source of errors about malformed messages of clients.

use std::error::Error as StdError;
use std::fmt;

/// The source of an error that says how a client's message is malformed. It holds no value of the client's data.
#[derive(Debug)]
pub(crate) struct MalformedMessage(pub(crate) String);

impl fmt::Display for MalformedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for MalformedMessage {}
