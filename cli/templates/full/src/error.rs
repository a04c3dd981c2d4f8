//! The errors that clients get.

use centrifugo::ReplyError;

#[derive(Debug, ReplyError)]
pub enum AppError {
    /// The name is empty or too long.
    #[reply(error = 1000, message = "choose another name")]
    InvalidName,
    /// The line has no text.
    #[reply(error = 1001, message = "write something first")]
    EmptyLine,
}
