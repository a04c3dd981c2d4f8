//! Why an event is not in a recording.

use std::fmt;

/// Why an event is not in a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LeftOut {
    /// The copy of the request has no bytes.
    RequestUnknown,
    /// The request cannot be written as JSON.
    RequestInvalid,
    /// The copy of the answer has no bytes.
    AnswerUnknown,
    /// The answer cannot be written as JSON.
    AnswerInvalid,
    /// The status of the call is not from the program.
    NoAnswer,
    /// JSON is nested too deep to be searched for secrets.
    TooDeep,
    /// The value of a header is not UTF-8 text.
    Header,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RequestUnknown => "the request is compressed, incomplete or longer than 1 MiB",
            Self::RequestInvalid => "the request cannot be written as JSON",
            Self::AnswerUnknown => "the answer is compressed, incomplete or longer than 1 MiB",
            Self::AnswerInvalid => "the answer cannot be written as JSON",
            Self::NoAnswer => "the program did not answer",
            Self::TooDeep => "JSON is nested deeper than 128 levels",
            Self::Header => "the value of a header is not UTF-8 text",
        })
    }
}
