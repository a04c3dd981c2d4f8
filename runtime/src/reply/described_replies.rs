//! The schemas of the data that replies send or publish and of the infos that they set, for the description of the program.

use schemars::JsonSchema;

use super::{Connect, MapPublish, Publish, SharedPoll, Stream, Subscribe};
use crate::schema::{HasInfoSchema, HasSchema, SchemaFn};

/// Describes the data `T` of replies. `more` are the other type parameters.
macro_rules! describe_data {
    ($($reply:ident<T $(, $more:ident)*>)*) => {$(
        impl<T: JsonSchema $(, $more)*> HasSchema for $reply<T $(, $more)*> {
            const SCHEMA: SchemaFn = SchemaFn::of::<T>();
        }
    )*};
}

/// Describes the info `I` of replies.
macro_rules! describe_infos {
    ($($reply:ident)*) => {$(
        impl<T, I: JsonSchema> HasInfoSchema for $reply<T, I> {
            const INFO_SCHEMA: SchemaFn = SchemaFn::of::<I>();
        }
    )*};
}

describe_data! { Connect<T, I> Subscribe<T, I> Publish<T> Stream<T> MapPublish<T> SharedPoll<T> }

describe_infos! { Connect Subscribe }
