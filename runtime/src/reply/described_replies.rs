//! Says which data replies send or publish and which info they set, for the description of the program.
//!
//! The data of an [`Untyped`](super::Untyped) reply is unknown. It implements neither `Serialize` nor `JsonSchema`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Connect, MapPublish, Publish, SharedPoll, Stream, Subscribe};
use crate::error::ReplyError;
use crate::schema::{JsonPart, JsonRole, Probe, SchemaFn};

/// Describes the data `T` of replies. `more` are the other type parameters.
macro_rules! describe_replies {
    ($($role:ident: $reply:ident<T $(, $more:ident)*>;)*) => {$(
        impl<T: Serialize $(, $more)*> Probe<$reply<T $(, $more)*>> {
            /// See [`TypeParts::json`](crate::schema::TypeParts::json).
            pub const JSON: Option<JsonPart> = Some(JsonPart::of::<T>(JsonRole::$role));
        }

        impl<T: JsonSchema $(, $more)*> Probe<$reply<T $(, $more)*>> {
            /// See [`TypeParts::schema`](crate::schema::TypeParts::schema).
            pub const SCHEMA: Option<SchemaFn> = Some(SchemaFn::of::<T>());
        }

        impl<T: Serialize $(, $more)*, E: ReplyError> Probe<Result<$reply<T $(, $more)*>, E>> {
            /// See [`TypeParts::json`](crate::schema::TypeParts::json).
            pub const JSON: Option<JsonPart> = Probe::<$reply<T $(, $more)*>>::JSON;
        }

        impl<T: JsonSchema $(, $more)*, E: ReplyError> Probe<Result<$reply<T $(, $more)*>, E>> {
            /// See [`TypeParts::schema`](crate::schema::TypeParts::schema).
            pub const SCHEMA: Option<SchemaFn> = Probe::<$reply<T $(, $more)*>>::SCHEMA;
        }
    )*};
}

/// Describes the info `I` of replies.
macro_rules! describe_infos {
    ($($reply:ident)*) => {$(
        impl<T, I: Serialize> Probe<$reply<T, I>> {
            /// See [`RouteTypes::info`](crate::schema::RouteTypes::info).
            pub const INFO: Option<JsonPart> = Some(JsonPart::of::<I>(JsonRole::Info));
        }

        impl<T, I: JsonSchema> Probe<$reply<T, I>> {
            /// See [`RouteTypes::info`](crate::schema::RouteTypes::info).
            pub const INFO_SCHEMA: Option<SchemaFn> = Some(SchemaFn::of::<I>());
        }

        impl<T, I: Serialize, E: ReplyError> Probe<Result<$reply<T, I>, E>> {
            /// See [`RouteTypes::info`](crate::schema::RouteTypes::info).
            pub const INFO: Option<JsonPart> = Probe::<$reply<T, I>>::INFO;
        }

        impl<T, I: JsonSchema, E: ReplyError> Probe<Result<$reply<T, I>, E>> {
            /// See [`RouteTypes::info`](crate::schema::RouteTypes::info).
            pub const INFO_SCHEMA: Option<SchemaFn> = Probe::<$reply<T, I>>::INFO_SCHEMA;
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
