//! The types of configuration keys.

/// What the value of a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A text.
    Text,
    /// A duration, such as `1m30s`.
    Duration,
    /// A list of texts.
    TextList,
    /// Texts by name.
    TextMap,
    /// A section with keys of its own.
    Object,
    /// A list of sections.
    ObjectList,
}

impl KeyType {
    /// What a value must be, for messages.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::Int => "a whole number",
            Self::Text => "a text",
            Self::Duration => "a duration such as \"1s\"",
            Self::TextList => "a list of texts",
            Self::TextMap => "texts by name",
            Self::Object => "an object",
            Self::ObjectList => "a list of objects",
        }
    }
}
