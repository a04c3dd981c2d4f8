//! Says which data replies send or publish, for the description of the program.
//!
//! The data of an [`Untyped`](super::Untyped) reply is unknown. It implements neither `Serialize` nor `JsonSchema`.

use serde::Serialize;

use super::{Connect, MapPublish, Publish, SharedPoll, Stream, Subscribe};
use crate::error::ReplyError;
use crate::schema::{JsonPart, Probe, SchemaFn, describe_data};

describe_data! {
    Value false bound Serialize: Connect<T>;
    Value false bound Serialize: Subscribe<T>;
    Publication false bound Serialize: Publish<T>;
    Publication false bound Serialize: Stream<T>;
    Item false bound Serialize: MapPublish<T>;
    Item false bound Serialize: SharedPoll<T>;
}

/// Describes the `Result` of replies.
macro_rules! describe_results {
    ($($reply:ident)*) => {$(
        impl<T: Serialize, E: ReplyError> Probe<Result<$reply<T>, E>> {
            /// See [`TypeParts::json`](crate::schema::TypeParts::json).
            pub const JSON: Option<JsonPart> = Probe::<$reply<T>>::JSON;
        }

        impl<T: schemars::JsonSchema, E: ReplyError> Probe<Result<$reply<T>, E>> {
            /// See [`TypeParts::schema`](crate::schema::TypeParts::schema).
            pub const SCHEMA: Option<SchemaFn> = Probe::<$reply<T>>::SCHEMA;
        }
    )*};
}

describe_results! { Connect Subscribe Publish Stream MapPublish SharedPoll }
