//! Takes the place of `mod.rs` in programs without the feature `schema`: types are not described.

/// The schemas of a handler.
pub type HandlerSchemas = ();

/// No schemas, for handlers that no attribute registered.
pub(crate) const NO_SCHEMAS: HandlerSchemas = ();

/// The types of a channel type.
#[derive(Clone, Copy, Debug)]
pub struct ChannelTypes;

impl ChannelTypes {
    /// No types.
    #[cfg(test)]
    pub(crate) const NONE: Self = Self;
}

/// Finds the schemas of a handler.
#[doc(hidden)]
#[macro_export]
macro_rules! __handler_schemas {
    ($($types:tt)*) => {
        ()
    };
}

/// Describes the types of a channel type.
#[doc(hidden)]
#[macro_export]
macro_rules! __channel_types {
    ($($types:tt)*) => {
        $crate::__private::ChannelTypes
    };
}

/// Describes the fields of an extractor within the `FromEvent` that a derive implements.
#[doc(hidden)]
#[macro_export]
macro_rules! __field_types {
    ($($types:tt)*) => {};
}

/// Describes the error of a `#[scoped]` function within its `MakeScoped`.
#[doc(hidden)]
#[macro_export]
macro_rules! __scoped_error {
    ($($types:tt)*) => {};
}

/// Describes an error within its implementation of `ReplyError`.
#[doc(hidden)]
#[macro_export]
macro_rules! __error_info {
    ($($info:tt)*) => {};
}

/// Registers an error.
#[doc(hidden)]
#[macro_export]
macro_rules! __register_error {
    ($name:ident) => {};
}

/// Describes an extractor within its implementation of `FromEvent`.
macro_rules! argument_types {
    ($($types:tt)*) => {};
}

/// Describes a reply within its implementation of the trait of the event.
macro_rules! reply_types {
    ($($types:tt)*) => {};
}

pub(crate) use {argument_types, reply_types};
