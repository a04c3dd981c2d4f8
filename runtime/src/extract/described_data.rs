//! The schemas of the data that extractors and rpc replies hold, for the description of the program.

use schemars::JsonSchema;

use super::{Incoming, Json, Meta};
use crate::schema::{HasSchema, SchemaFn};

impl<T: JsonSchema> HasSchema for Json<T> {
    const SCHEMA: SchemaFn = SchemaFn::of::<T>();
}

impl<T: JsonSchema> HasSchema for Meta<T> {
    const SCHEMA: SchemaFn = SchemaFn::of::<T>();
}

impl<T: JsonSchema> HasSchema for Incoming<T> {
    const SCHEMA: SchemaFn = SchemaFn::of::<T>();
}
