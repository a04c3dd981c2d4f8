//! Finds out what a type offers, without a bound on it.
//!
//! `Probe::<T>::SCHEMA` names an inherent constant if one of the `impl` blocks of `Probe` fits `T`, for example
//! `impl<T: JsonSchema> Probe<Json<T>>`. Otherwise it names the constant of [`Undescribed`], which every type has. The
//! compiler chooses where the path is written, so that `T` must be a concrete type there: the attributes write the path
//! with the user's own types. The `impl` blocks stand beside the extractors and the replies.

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

impl<T: FromEventTypes> Probe<T> {
    /// See [`TypeParts::fields`].
    pub const FIELDS: &'static [TypeParts] = T::FIELDS;
}

impl<R, E: ReplyError> Probe<Result<R, E>> {
    /// See [`TypeParts::error`].
    pub const ERROR: Option<&'static ErrorInfo> = E::INFO;
}

/// Describes types that hold data.
///
/// `bound` is what `T` must be, so that the type holds data of that type.
macro_rules! describe_data {
    ($($role:ident $is_optional:literal $(bound $bound:path)?: $type:ty;)*) => {$(
        impl<T $(: $bound)?> $crate::schema::Probe<$type> {
            /// See [`TypeParts::json`](crate::schema::TypeParts::json).
            pub const JSON: Option<$crate::schema::JsonPart> = Some($crate::schema::JsonPart {
                role: $crate::schema::JsonRole::$role,
                is_optional: $is_optional,
                type_name: std::any::type_name::<T>,
            });
        }

        impl<T: schemars::JsonSchema> $crate::schema::Probe<$type> {
            /// See [`TypeParts::schema`](crate::schema::TypeParts::schema).
            pub const SCHEMA: Option<$crate::schema::SchemaFn> = Some($crate::schema::SchemaFn::of::<T>());
        }
    )*};
}

/// Describes types whose data has no schema.
macro_rules! describe_data_without_schema {
    ($($role:ident $is_optional:literal $([$($generic:ident)*])?: $type:ty;)*) => {$(
        impl$(<$($generic),*>)? $crate::schema::Probe<$type> {
            /// See [`TypeParts::json`](crate::schema::TypeParts::json).
            pub const JSON: Option<$crate::schema::JsonPart> = Some($crate::schema::JsonPart {
                role: $crate::schema::JsonRole::$role,
                is_optional: $is_optional,
                type_name: std::any::type_name::<$type>,
            });
        }
    )*};
}

pub(crate) use {describe_data, describe_data_without_schema};
