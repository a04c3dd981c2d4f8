//! An error type.

use serde::Deserialize;

/// A type that derives `ReplyError`.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct ErrorType {
    /// The path of the type.
    pub name: String,
    /// The source file, as the compiler names it.
    pub file: String,
    /// The line of the attribute.
    pub line: u32,
    /// The doc comment.
    pub docs: String,
    /// The variants of an enum, or the struct itself.
    pub cases: Vec<ErrorCase>,
}

/// A variant of an error type, or an error struct.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct ErrorCase {
    /// The name of the variant or of the struct.
    pub name: String,
    /// The doc comment.
    pub docs: String,
    /// What the client receives.
    pub answer: Answer,
    /// The code of the error or of the disconnect. `None` if the case is [transparent](Answer::Transparent).
    pub code: Option<u32>,
    /// The message of the error, or the reason of the disconnect. `None` if it depends on the value of the error.
    pub message: Option<String>,
    /// The format string of a message that depends on the value.
    pub format: Option<String>,
    /// Whether the error is marked as temporary.
    pub temporary: bool,
    /// The [name](ErrorType::name) of the error type that a transparent case passes on. `None` if it can have any code.
    pub error: Option<String>,
}

/// What the client receives for an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Answer {
    /// An error with a code.
    Error,
    /// The end of the connection, with a code.
    Disconnect,
    /// Error 100, and nothing of the cause.
    Internal,
    /// What another error type says.
    Transparent,
}
