//! Takes the place of `mod.rs` in programs without the feature `schema`: types are not described.

/// The types of a handler.
#[derive(Clone, Copy, Debug)]
pub struct RouteTypes;

impl RouteTypes {
    /// No types, for handlers that no attribute registered.
    pub(crate) const NONE: Self = Self;
}

/// The types of a channel type.
#[derive(Clone, Copy, Debug)]
pub struct ChannelTypes;

impl ChannelTypes {
    /// No types.
    #[cfg(test)]
    pub(crate) const NONE: Self = Self;
}

/// Describes the types of a handler.
#[doc(hidden)]
#[macro_export]
macro_rules! __route_types {
    ($($types:tt)*) => {
        $crate::__private::RouteTypes
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

/// Describes the fields of an extractor that a derive implements.
#[doc(hidden)]
#[macro_export]
macro_rules! __from_event_types {
    ($($types:tt)*) => {};
}

/// Describes the error of a `#[scoped]` function.
#[doc(hidden)]
#[macro_export]
macro_rules! __scoped_types {
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
