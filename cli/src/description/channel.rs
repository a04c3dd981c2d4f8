//! A channel type.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::DataType;

/// A channel type: a struct that stands for a family of channels.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Channel {
    /// The path of the struct.
    pub name: String,
    /// The pattern of the channels.
    pub pattern: String,
    /// The literal text before the first field.
    pub prefix: String,
    /// The fields, in the order of the pattern.
    pub fields: Vec<Field>,
    /// The source file, as the compiler names it.
    pub file: String,
    /// The line of the attribute.
    pub line: u32,
    /// The doc comment.
    pub docs: String,
    /// Options of the namespace. A `.` separates the names of nested options.
    pub options: Map<String, Value>,
    /// What is published to the channels.
    pub publication: Option<DataType>,
    /// What the keys of a map or shared poll channel hold.
    pub item: Option<DataType>,
}

impl Channel {
    /// The name of the struct without its module.
    pub fn short_name(&self) -> &str {
        self.name.rsplit("::").next().unwrap_or(&self.name)
    }

    /// The place in the source, as `file:line`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

/// A field of a channel type: a named wildcard of the pattern.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Field {
    /// The name of the field.
    pub name: String,
    /// The type of the field, as the source has it.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Whether the wildcard matches any character. Others match no `:`, `/`, `.` and `#`.
    pub rest: bool,
    /// The literal text after the field.
    pub after: String,
}
