//! The data that a type holds.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};

/// The data that a type holds.
#[derive(Clone, Copy, Debug)]
pub struct JsonPart {
    /// What the data is.
    pub role: JsonRole,
    /// Whether the event may have none.
    pub is_optional: bool,
    /// Returns the name of the type.
    pub type_name: fn() -> &'static str,
}

/// What the data of a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonRole {
    /// The data of an event as an argument, or the result as a reply.
    Value,
    /// The same as bytes, whose format no Rust type describes.
    Bytes,
    /// A reply without data.
    Nothing,
    /// The meta of a connection.
    Meta,
    /// What a reply publishes.
    Publication,
    /// What a reply sets keys of a map or shared poll channel to.
    Item,
    /// What other clients see of a connection or a subscription.
    Info,
    /// What a client publishes into a two-way stream.
    Incoming,
    /// What a client publishes into a two-way stream, as bytes.
    IncomingBytes,
}

impl JsonPart {
    /// Returns the data of a type, which the event or the reply always has.
    pub(super) const fn of<T>(role: JsonRole) -> Self {
        Self {
            role,
            is_optional: false,
            type_name: std::any::type_name::<T>,
        }
    }
}

/// A function that adds the schema of a type to a generator.
#[derive(Clone, Copy)]
pub struct SchemaFn(fn(&mut SchemaGenerator) -> Schema);

impl SchemaFn {
    pub(crate) const fn of<T: JsonSchema>() -> Self {
        Self(SchemaGenerator::subschema_for::<T>)
    }

    pub(crate) fn add_to(self, generator: &mut SchemaGenerator) -> Schema {
        (self.0)(generator)
    }
}

impl fmt::Debug for SchemaFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SchemaFn(..)")
    }
}
