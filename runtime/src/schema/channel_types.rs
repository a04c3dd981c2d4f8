//! What the channels of a channel type carry.

use super::json_part::{JsonPart, JsonRole, SchemaFn};

/// The types of a channel type.
#[derive(Clone, Copy, Debug)]
pub struct ChannelTypes {
    /// The type of the publications, or `None` if the channel type names none.
    pub publication: Option<(JsonPart, Option<SchemaFn>)>,
    /// The type of the items, or `None` if the channel type names none.
    pub item: Option<(JsonPart, Option<SchemaFn>)>,
}

impl ChannelTypes {
    /// No types.
    #[cfg(test)]
    pub(crate) const NONE: Self = Self {
        publication: None,
        item: None,
    };
}

/// Describes the publications or the items `T` of a channel type.
pub const fn channel_data<T>(schema: Option<SchemaFn>) -> (JsonPart, Option<SchemaFn>) {
    (JsonPart::of::<T>(JsonRole::Value), schema)
}
