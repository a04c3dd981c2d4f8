//! Which types the data of handlers, channel types and errors has, and the JSON Schemas of these types.
//!
//! Attributes and derives expand to the macros of this folder. Without the feature `schema`, `not_built.rs` takes their
//! place, and they expand to nothing.

mod probe;
mod registered_types;
mod type_macros;
mod type_parts;

pub use probe::{HasData, HasError, HasInfo, HasInfoSchema, HasSchema, Probe, Undescribed};
pub(crate) use probe::{describe_data, describe_data_without_schema};
pub use registered_types::{ChannelTypes, FromEventTypes, RouteTypes, ScopedTypes};
pub use type_parts::{JsonPart, JsonRole, SchemaFn, TypeParts, argument_parts, data_parts, reply_parts};
