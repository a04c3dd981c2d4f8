//! Finds out whether a type has a schema, without a bound on it.
//!
//! `Probe::<T>::SCHEMA` names an inherent constant if `T` implements [`HasSchema`]. Otherwise it names the constant of
//! [`Undescribed`], which every type has. The compiler chooses where the path is written, so that `T` must be a concrete type
//! there: the attributes write the path with the user's own types. The traits are implemented beside the extractors and the
//! replies.
//!
//! Each path costs the compiler time in each handler. So attributes ask for nothing that the traits of extractors and
//! replies can say themselves, and each constant has a single inherent `impl`, because the compiler tries all of them for
//! each path.

use std::marker::PhantomData;

use super::json_part::SchemaFn;
use crate::error::{ErrorInfo, ReplyError};

/// A type that is asked what it offers.
#[derive(Debug)]
pub struct Probe<T: ?Sized>(PhantomData<fn() -> PhantomData<T>>);

/// The answers of types that offer nothing.
pub trait Undescribed {
    /// The schema of the data.
    const SCHEMA: Option<SchemaFn> = None;
    /// The schema of the info.
    const INFO_SCHEMA: Option<SchemaFn> = None;
    /// The schema of the data of the answer that opens a stream.
    const ANSWER_SCHEMA: Option<SchemaFn> = None;
    /// The error that the type can hold.
    const ERROR: Option<&'static ErrorInfo> = None;
}

impl<T: ?Sized> Undescribed for Probe<T> {}

/// An extractor or a reply whose data has a schema.
pub trait HasSchema {
    /// The schema.
    const SCHEMA: SchemaFn;
}

/// A reply that sets an info with a schema.
pub trait HasInfoSchema {
    /// The schema.
    const INFO_SCHEMA: SchemaFn;
}

/// A stream whose answer has data with a schema.
pub trait HasAnswerSchema {
    /// The schema.
    const ANSWER_SCHEMA: SchemaFn;
}

/// A type that can hold an error.
pub trait HasError {
    /// The error.
    const ERROR: Option<&'static ErrorInfo>;
}

impl<T: HasSchema> Probe<T> {
    /// The schema of the data.
    pub const SCHEMA: Option<SchemaFn> = Some(T::SCHEMA);
}

impl<T: HasInfoSchema> Probe<T> {
    /// The schema of the info.
    pub const INFO_SCHEMA: Option<SchemaFn> = Some(T::INFO_SCHEMA);
}

impl<T: HasAnswerSchema> Probe<T> {
    /// The schema of the data of the answer that opens a stream.
    pub const ANSWER_SCHEMA: Option<SchemaFn> = Some(T::ANSWER_SCHEMA);
}

impl<T: HasError> Probe<T> {
    /// The error that the type can hold.
    pub const ERROR: Option<&'static ErrorInfo> = T::ERROR;
}

impl<X: HasSchema> HasSchema for Option<X> {
    const SCHEMA: SchemaFn = X::SCHEMA;
}

impl<X: HasSchema, E> HasSchema for Result<X, E> {
    const SCHEMA: SchemaFn = X::SCHEMA;
}

impl<R: HasInfoSchema, E> HasInfoSchema for Result<R, E> {
    const INFO_SCHEMA: SchemaFn = R::INFO_SCHEMA;
}

impl<R: HasAnswerSchema, E> HasAnswerSchema for Result<R, E> {
    const ANSWER_SCHEMA: SchemaFn = R::ANSWER_SCHEMA;
}

impl<R, E: ReplyError> HasError for Result<R, E> {
    const ERROR: Option<&'static ErrorInfo> = E::INFO;
}
