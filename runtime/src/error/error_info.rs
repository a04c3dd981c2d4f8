//! What a `derive(ReplyError)` says about its type.

/// The description of an error type.
#[derive(Debug)]
pub struct ErrorInfo {
    /// The type's name.
    pub name: &'static str,
    /// The type's module.
    pub module: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The line of the derive in the source file.
    pub line: u32,
    /// The doc comment of the type.
    pub docs: &'static str,
    /// The variants of an enum, or the struct itself.
    pub cases: &'static [ErrorCase],
}

/// A variant of an error type, or an error struct.
#[derive(Debug)]
pub struct ErrorCase {
    /// The name of the variant or of the struct.
    pub name: &'static str,
    /// The doc comment.
    pub docs: &'static str,
    /// What the client receives.
    pub answer: ErrorAnswer,
}

/// What a client receives for an error.
#[derive(Debug)]
pub enum ErrorAnswer {
    /// An error with a code.
    Error {
        /// The code.
        code: u32,
        /// The message.
        message: ErrorText,
        /// Whether the client may try again.
        is_temporary: bool,
    },
    /// A disconnect with a code.
    Disconnect {
        /// The code.
        code: u32,
        /// The reason.
        reason: ErrorText,
    },
    /// Error 100.
    Internal,
    /// What another error type says. `None` stands for [`Error`](super::Error), which can have any code.
    Transparent(Option<&'static ErrorInfo>),
}

/// The text of an error.
#[derive(Debug)]
pub enum ErrorText {
    /// The text itself.
    Fixed(&'static str),
    /// A format string, whose text depends on the value of the error.
    Format(&'static str),
}

/// The registration of an error type.
#[derive(Debug)]
pub struct ErrorDef(pub Option<&'static ErrorInfo>);

inventory::collect!(ErrorDef);
