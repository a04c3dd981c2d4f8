//! The error of a channel that cannot be written or read.

use std::error::Error as StdError;
use std::fmt;

use crate::error::{Error, ReplyError};

/// Says why a value of a channel type has no channel, or why a text is not a channel of the type.
///
/// In a handler, `?` turns it into an internal error: the client sees code 100, and the log has the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelError(String);

impl ChannelError {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for ChannelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for ChannelError {}

#[diagnostic::do_not_recommend]
impl ReplyError for ChannelError {
    fn into_error(self) -> Error {
        Error::internal(self)
    }
}

impl From<ChannelError> for Error {
    fn from(error: ChannelError) -> Self {
        Self::internal(error)
    }
}
