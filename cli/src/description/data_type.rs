//! A type of data.

use serde::Deserialize;
use serde_json::Value;

/// A type of data that clients send or receive.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct DataType {
    /// The name of the type, for people.
    #[serde(rename = "type")]
    pub name: String,
    /// Whether the data may be missing.
    pub optional: bool,
    /// The JSON Schema, or `None` if it is unknown.
    pub schema: Option<Value>,
    /// Why the schema is unknown.
    pub note: Option<String>,
}
