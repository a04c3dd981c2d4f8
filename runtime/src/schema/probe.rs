//! Finds out what a type offers, without a bound on it.
//!
//! `Probe::<T>::SCHEMA` names an inherent constant if `T` implements [`HasSchema`]. Otherwise it names the constant of
//! [`Undescribed`], which every type has. The compiler chooses where the path is written, so that `T` must be a concrete type
//! there: the attributes write the path with the user's own types. The traits are implemented beside the extractors and the
//! replies. Each constant has a single inherent `impl`, because the compiler tries all of them for each path.

use std::marker::PhantomData;

use super::registered_types::FromEventTypes;
use super::type_parts::{JsonPart, SchemaFn, TypeParts};
use crate::error::{ErrorInfo, ReplyError};

/// A type that is asked what it offers.
#[derive(Debug)]
pub struct Probe<T: ?Sized>(PhantomData<fn() -> PhantomData<T>>);

/// The answers of types that offer nothing.
pub trait Undescribed {
    /// See [`TypeParts::json`].
    const JSON: Option<JsonPart> = None;
    /// See [`TypeParts::schema`].
    const SCHEMA: Option<SchemaFn> = None;
    /// See [`RouteTypes::info`](super::RouteTypes::info).
    const INFO: Option<JsonPart> = None;
    /// See [`RouteTypes::info`](super::RouteTypes::info).
    const INFO_SCHEMA: Option<SchemaFn> = None;
    /// See [`TypeParts::error`].
    const ERROR: Option<&'static ErrorInfo> = None;
    /// See [`TypeParts::fields`].
    const FIELDS: &'static [TypeParts] = &[];
}

impl<T: ?Sized> Undescribed for Probe<T> {}

/// A type that holds data.
pub trait HasData {
    /// See [`TypeParts::json`].
    const JSON: JsonPart;
}

/// A type whose data has a schema.
pub trait HasSchema {
    /// See [`TypeParts::schema`].
    const SCHEMA: SchemaFn;
}

/// A reply that sets an info.
pub trait HasInfo {
    /// See [`RouteTypes::info`](super::RouteTypes::info).
    const INFO: JsonPart;
}

/// A reply that sets an info with a schema.
pub trait HasInfoSchema {
    /// See [`RouteTypes::info`](super::RouteTypes::info).
    const INFO_SCHEMA: SchemaFn;
}

/// A type that can hold an error.
pub trait HasError {
    /// See [`TypeParts::error`].
    const ERROR: Option<&'static ErrorInfo>;
}

impl<T: HasData> Probe<T> {
    /// See [`TypeParts::json`].
    pub const JSON: Option<JsonPart> = Some(T::JSON);
}

impl<T: HasSchema> Probe<T> {
    /// See [`TypeParts::schema`].
    pub const SCHEMA: Option<SchemaFn> = Some(T::SCHEMA);
}

impl<T: HasInfo> Probe<T> {
    /// See [`RouteTypes::info`](super::RouteTypes::info).
    pub const INFO: Option<JsonPart> = Some(T::INFO);
}

impl<T: HasInfoSchema> Probe<T> {
    /// See [`RouteTypes::info`](super::RouteTypes::info).
    pub const INFO_SCHEMA: Option<SchemaFn> = Some(T::INFO_SCHEMA);
}

impl<T: HasError> Probe<T> {
    /// See [`TypeParts::error`].
    pub const ERROR: Option<&'static ErrorInfo> = T::ERROR;
}

impl<T: FromEventTypes> Probe<T> {
    /// See [`TypeParts::fields`].
    pub const FIELDS: &'static [TypeParts] = T::FIELDS;
}

impl<R, E: ReplyError> HasError for Result<R, E> {
    const ERROR: Option<&'static ErrorInfo> = E::INFO;
}

/// Describes types that hold data.
///
/// `bound` is what `T` must be, so that the type holds data of that type.
macro_rules! describe_data {
    ($($role:ident $is_optional:literal $(bound $bound:path)?: $type:ty;)*) => {$(
        impl<T $(: $bound)?> $crate::schema::HasData for $type {
            const JSON: $crate::schema::JsonPart = $crate::schema::JsonPart {
                role: $crate::schema::JsonRole::$role,
                is_optional: $is_optional,
                type_name: std::any::type_name::<T>,
            };
        }

        impl<T: schemars::JsonSchema> $crate::schema::HasSchema for $type {
            const SCHEMA: $crate::schema::SchemaFn = $crate::schema::SchemaFn::of::<T>();
        }
    )*};
}

/// Describes types whose data has no schema.
macro_rules! describe_data_without_schema {
    ($($role:ident $is_optional:literal $([$($generic:ident)*])?: $type:ty;)*) => {$(
        impl$(<$($generic),*>)? $crate::schema::HasData for $type {
            const JSON: $crate::schema::JsonPart = $crate::schema::JsonPart {
                role: $crate::schema::JsonRole::$role,
                is_optional: $is_optional,
                type_name: std::any::type_name::<$type>,
            };
        }
    )*};
}

pub(crate) use {describe_data, describe_data_without_schema};
