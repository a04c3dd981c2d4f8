//! Which types the data of handlers, channel types and errors has, and the JSON Schemas of these types.
//!
//! The traits of extractors and replies say which data a type holds. A schema is known only where the concrete type is
//! known, so that attributes and derives ask for it, with the macros of this folder. Without the feature `schema`,
//! `not_built.rs` takes the place of this folder, and nothing is described.

mod argument_types;
mod channel_types;
mod handler_schemas;
mod json_part;
mod probe;
mod reply_types;
mod type_macros;

pub use argument_types::ArgumentTypes;
pub use channel_types::{ChannelTypes, channel_data};
pub use handler_schemas::HandlerSchemas;
pub(crate) use handler_schemas::NO_SCHEMAS;
pub use json_part::{JsonPart, JsonRole, SchemaFn};
pub use probe::{HasAnswerSchema, HasInfoSchema, HasSchema, Probe, Undescribed};
pub use reply_types::ReplyTypes;
pub(crate) use type_macros::{argument_types, reply_types};
