//! What is known of a handler.

use super::kind::Kind;

/// A handler as the program knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RouteInfo {
    /// The event that it answers.
    pub kind: Kind,
    /// The channels or the method that it answers for, where the kind has any.
    pub pattern: Option<&'static str>,
    /// The function's module.
    pub module: &'static str,
    /// The function's name.
    pub name: &'static str,
    /// The file that it is in.
    pub file: &'static str,
    /// The line of its attribute.
    pub line: u32,
    /// Its doc comment.
    pub docs: &'static str,
    /// The types of its arguments.
    pub takes: &'static [&'static str],
    /// The type that it returns.
    pub returns: &'static str,
}

impl RouteInfo {
    /// Where the function is: its module and its name.
    pub fn path(&self) -> String {
        format!("{}::{}", self.module, self.name)
    }
}
