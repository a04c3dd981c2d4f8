//! Says which data extractors and rpc replies hold, for the description of the program.

use serde::de::DeserializeOwned;

use super::{Data, Incoming, Json, Meta, Scoped};
use crate::error::{Error, ErrorInfo, ReplyError};
use crate::schema::{HasData, HasError, HasSchema, JsonPart, SchemaFn, ScopedTypes};
use crate::schema::{describe_data, describe_data_without_schema};

describe_data! {
    Value false: Json<T>;
    Value true: Option<Json<T>>;
    Meta false: Meta<T>;
    Meta true: Option<Meta<T>>;
    Incoming false bound DeserializeOwned: Incoming<T>;
    Incoming true bound DeserializeOwned: Option<Incoming<T>>;
    Incoming false bound DeserializeOwned: Result<Incoming<T>, Error>;
}

impl<T, E: ReplyError> HasData for Result<Json<T>, E> {
    const JSON: JsonPart = Json::<T>::JSON;
}

impl<T: schemars::JsonSchema, E: ReplyError> HasSchema for Result<Json<T>, E> {
    const SCHEMA: SchemaFn = Json::<T>::SCHEMA;
}

impl<T> HasData for Result<Meta<T>, Error> {
    const JSON: JsonPart = Meta::<T>::JSON;
}

impl<T: schemars::JsonSchema> HasSchema for Result<Meta<T>, Error> {
    const SCHEMA: SchemaFn = Meta::<T>::SCHEMA;
}

describe_data_without_schema! {
    Bytes false: Data;
    Bytes true: Option<Data>;
    Bytes false [E]: Result<Data, E>;
    IncomingBytes false: Incoming;
    IncomingBytes true: Option<Incoming>;
    IncomingBytes false: Result<Incoming, Error>;
    Nothing false: ();
    Nothing false [E]: Result<(), E>;
}

#[cfg(feature = "protobuf")]
describe_data_without_schema! {
    Bytes false [T]: super::Protobuf<T>;
    Bytes true [T]: Option<super::Protobuf<T>>;
    Bytes false [T E]: Result<super::Protobuf<T>, E>;
}

impl<T: ScopedTypes> HasError for Scoped<T> {
    const ERROR: Option<&'static ErrorInfo> = T::ERROR;
}
