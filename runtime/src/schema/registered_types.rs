//! The types that registrations have.

use super::type_parts::TypeParts;
use crate::error::ErrorInfo;

/// The types of a handler.
#[derive(Clone, Copy, Debug)]
pub struct RouteTypes {
    /// The types of the arguments that are extracted from the event.
    pub arguments: &'static [TypeParts],
    /// The type of the reply, or `None` if it contains `impl` and cannot be named.
    pub reply: Option<TypeParts>,
    /// What other clients see of the connection or the subscription that the reply allows. `None` as for `reply`, and for
    /// events without an info.
    pub info: Option<TypeParts>,
}

impl RouteTypes {
    /// No types, for handlers that no attribute registered.
    pub(crate) const NONE: Self = Self {
        arguments: &[],
        reply: None,
        info: None,
    };
}

/// The types of a channel type.
#[derive(Clone, Copy, Debug)]
pub struct ChannelTypes {
    /// The type of the publications, or `None` if the channel type names none.
    pub publication: Option<TypeParts>,
    /// The type of the items, or `None` if the channel type names none.
    pub item: Option<TypeParts>,
}

impl ChannelTypes {
    /// No types.
    #[cfg(test)]
    pub(crate) const NONE: Self = Self {
        publication: None,
        item: None,
    };
}

/// An extractor that `derive(FromEvent)` implements, unless it is generic.
pub trait FromEventTypes {
    /// The extractors that it combines.
    const FIELDS: &'static [TypeParts];
}

/// A type that a `#[scoped]` function returns.
pub trait ScopedTypes {
    /// The error of the function.
    const ERROR: Option<&'static ErrorInfo>;
}
