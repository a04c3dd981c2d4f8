//! The registration of a channel type.

use std::fmt;

use crate::schema::ChannelTypes;

/// What the attribute of a channel type says.
#[derive(Debug)]
pub struct ChannelInfo {
    /// The struct's name.
    pub name: &'static str,
    /// The struct's module.
    pub module: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The line of the attribute in the source file.
    pub line: u32,
    /// The doc comment of the struct.
    pub docs: &'static str,
    /// The pattern of the channels.
    pub pattern: &'static str,
    /// The literal text before the first field.
    pub prefix: &'static str,
    /// The fields, in the order of the pattern.
    pub fields: &'static [ChannelField],
    /// The type of the publications, as the attribute names it.
    pub publication: Option<&'static str>,
    /// The type of the items of a map or shared poll channel, as the attribute names it.
    pub item: Option<&'static str>,
    /// The types of the publications and the items, for the description of the program.
    pub types: ChannelTypes,
    /// The options of the namespace.
    pub options: &'static [ChannelOption],
}

/// A field of a channel type: a named wildcard of the pattern.
#[derive(Debug)]
pub struct ChannelField {
    /// The name of the field.
    pub name: &'static str,
    /// The type of the field.
    pub type_name: &'static str,
    /// Whether the wildcard is `{name*}`, which matches any character.
    pub is_rest: bool,
    /// The literal text after the field. Only the last field may have none.
    pub after: &'static str,
}

/// An option of a namespace, with its value.
#[derive(Debug)]
pub struct ChannelOption {
    /// The name in Centrifugo's configuration, such as `history_size` or `map.key_ttl`.
    pub name: &'static str,
    /// The value.
    pub value: OptionValue,
}

/// The value of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Int(i64),
    /// A text, or a duration such as `1h`.
    Text(&'static str),
    /// A list of texts.
    List(&'static [&'static str]),
}

/// Shows the value as the attribute has it.
impl fmt::Display for OptionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Text(value) => write!(f, "{value:?}"),
            Self::List(values) => write!(f, "{values:?}"),
        }
    }
}

/// The registration of a channel type.
#[derive(Debug)]
pub struct ChannelDef(pub &'static ChannelInfo);

inventory::collect!(ChannelDef);
