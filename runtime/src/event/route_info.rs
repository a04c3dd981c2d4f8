//! Description of a handler.

use super::kind::Kind;

/// Describes a handler: its event, pattern, function and place in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RouteInfo {
    /// The kind of event that the handler answers.
    pub kind: Kind,
    /// The pattern of channels or methods, if the kind has one.
    pub pattern: Option<&'static str>,
    /// The function's module.
    pub module: &'static str,
    /// The function's name.
    pub name: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The line of the attribute in the source file.
    pub line: u32,
    /// The doc comment of the function.
    pub docs: &'static str,
    /// The types of the function's arguments.
    pub takes: &'static [&'static str],
    /// The type that the function returns.
    pub returns: &'static str,
    /// The function of the handler's own layer (`layer = ..`), as the source has it.
    pub layer: Option<&'static str>,
}

impl RouteInfo {
    /// Returns the path of the function: its module and its name.
    pub fn path(&self) -> String {
        format!("{}::{}", self.module, self.name)
    }

    /// Returns the path of the function, its types and its own layer.
    pub(crate) fn signature(&self) -> String {
        let mut text = format!("{}({}) -> {}", self.path(), self.takes.join(", "), self.returns);
        if let Some(layer) = self.layer {
            text = format!("{text} (layer: {layer})");
        }
        text
    }
}
