//! What is wrong with a configuration before any rule is looked at.

use super::key_type::KeyType;

/// A place in the configuration that Centrifugo does not read as it is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The path in the configuration, or the name of a variable.
    pub path: String,
    /// The variable that the value comes from, if it is not in the file.
    pub variable: Option<String>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What is wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// Centrifugo does not know the key, and ignores it.
    UnknownKey,
    /// Centrifugo does not know the variable, and ignores it. [`Problem::path`] is its name.
    UnknownVariable,
    /// The value has another type. Centrifugo does not start.
    Type(KeyType),
    /// The text names a variable that is not set. Centrifugo does not start without it.
    MissingVariable(String),
    /// The text names a variable at a place where Centrifugo does not put its value in.
    NotExpanded(String),
}
