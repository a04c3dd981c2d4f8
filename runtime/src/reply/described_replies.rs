//! The schemas of the data that replies send or publish and of the infos that they set, for the description of the program.

use schemars::JsonSchema;

use super::{Connect, MapPublish, Publish, Refresh, SharedPoll, Stream, SubRefresh, Subscribe};
use crate::schema::{HasAnswerSchema, HasInfoSchema, HasSchema, SchemaFn};

/// Describes the data `T` of replies. `more` are the other type parameters.
macro_rules! describe_data {
    ($($reply:ident<T $(, $more:ident)*>)*) => {$(
        impl<T: JsonSchema $(, $more)*> HasSchema for $reply<T $(, $more)*> {
            const SCHEMA: SchemaFn = SchemaFn::of::<T>();
        }
    )*};
}

/// Describes the info `I` of replies. `data` is the type parameter before it.
macro_rules! describe_infos {
    ($($reply:ident<$([$data:ident],)? I>)*) => {$(
        impl<$($data,)? I: JsonSchema> HasInfoSchema for $reply<$($data,)? I> {
            const INFO_SCHEMA: SchemaFn = SchemaFn::of::<I>();
        }
    )*};
}

describe_data! { Connect<T, I> Subscribe<T, I> Publish<T> Stream<T, A> MapPublish<T> SharedPoll<T> }

describe_infos! { Connect<[T], I> Subscribe<[T], I> Refresh<I> SubRefresh<I> }

impl<T, A: HasInfoSchema> HasInfoSchema for Stream<T, A> {
    const INFO_SCHEMA: SchemaFn = A::INFO_SCHEMA;
}

impl<T, A: HasSchema> HasAnswerSchema for Stream<T, A> {
    const ANSWER_SCHEMA: SchemaFn = A::SCHEMA;
}
