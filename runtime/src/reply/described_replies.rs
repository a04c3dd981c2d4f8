//! Says which data replies send or publish and which info they set, for the description of the program.
//!
//! The data of an [`Untyped`](super::Untyped) reply is unknown. It implements neither `Serialize` nor `JsonSchema`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Connect, MapPublish, Publish, SharedPoll, Stream, Subscribe};
use crate::error::ReplyError;
use crate::schema::{HasData, HasInfo, HasInfoSchema, HasSchema, JsonPart, JsonRole, SchemaFn};

/// Describes the data `T` of replies. `more` are the other type parameters.
macro_rules! describe_replies {
    ($($role:ident: $reply:ident<T $(, $more:ident)*>;)*) => {$(
        impl<T: Serialize $(, $more)*> HasData for $reply<T $(, $more)*> {
            const JSON: JsonPart = JsonPart::of::<T>(JsonRole::$role);
        }

        impl<T: JsonSchema $(, $more)*> HasSchema for $reply<T $(, $more)*> {
            const SCHEMA: SchemaFn = SchemaFn::of::<T>();
        }

        impl<T: Serialize $(, $more)*, E: ReplyError> HasData for Result<$reply<T $(, $more)*>, E> {
            const JSON: JsonPart = <$reply<T $(, $more)*>>::JSON;
        }

        impl<T: JsonSchema $(, $more)*, E: ReplyError> HasSchema for Result<$reply<T $(, $more)*>, E> {
            const SCHEMA: SchemaFn = <$reply<T $(, $more)*>>::SCHEMA;
        }
    )*};
}

/// Describes the info `I` of replies.
macro_rules! describe_infos {
    ($($reply:ident)*) => {$(
        impl<T, I: Serialize> HasInfo for $reply<T, I> {
            const INFO: JsonPart = JsonPart::of::<I>(JsonRole::Info);
        }

        impl<T, I: JsonSchema> HasInfoSchema for $reply<T, I> {
            const INFO_SCHEMA: SchemaFn = SchemaFn::of::<I>();
        }

        impl<T, I: Serialize, E: ReplyError> HasInfo for Result<$reply<T, I>, E> {
            const INFO: JsonPart = <$reply<T, I>>::INFO;
        }

        impl<T, I: JsonSchema, E: ReplyError> HasInfoSchema for Result<$reply<T, I>, E> {
            const INFO_SCHEMA: SchemaFn = <$reply<T, I>>::INFO_SCHEMA;
        }
    )*};
}

describe_replies! {
    Value: Connect<T, I>;
    Value: Subscribe<T, I>;
    Publication: Publish<T>;
    Publication: Stream<T>;
    Item: MapPublish<T>;
    Item: SharedPoll<T>;
}

describe_infos! { Connect Subscribe }
