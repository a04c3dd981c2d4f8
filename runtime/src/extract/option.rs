//! `Option<X>` and `Result<X, Error>` of an extractor.

use serde::de::DeserializeOwned;

use super::{Data, Extension, Extracted, FromEvent, Json, Meta, UserId};
use crate::error::Error;
use crate::event::{EventKind, HasData, HasMeta, HasUser, TypedEvent};
use crate::state::StateNeed;

/// An extractor that can be absent. `None` stands for absent, never for broken.
pub trait OptionalFromEvent<K: EventKind>: FromEvent<K> {
    /// Whether the event has it.
    fn is_present(event: &TypedEvent<K>) -> bool;
}

#[diagnostic::do_not_recommend]
impl<K: EventKind, X: OptionalFromEvent<K> + Send + 'static> FromEvent<K> for Option<X> {
    const STATES: &'static [StateNeed] = X::STATES;
    const IN_MEMORY: bool = X::IN_MEMORY;

    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        if !X::is_present(event) {
            return Extracted::Now(Ok(None));
        }
        match X::from_event(event) {
            Extracted::Now(result) => Extracted::Now(result.map(Some)),
            Extracted::Later(future) => Extracted::Later(Box::pin(async { future.await.map(Some) })),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<K: EventKind, X: FromEvent<K> + Send + 'static> FromEvent<K> for Result<X, Error> {
    const STATES: &'static [StateNeed] = X::STATES;
    const IN_MEMORY: bool = X::IN_MEMORY;

    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        match X::from_event(event) {
            Extracted::Now(result) => Extracted::Now(Ok(result)),
            Extracted::Later(future) => Extracted::Later(Box::pin(async { Ok(future.await) })),
        }
    }
}

impl<K: HasData> OptionalFromEvent<K> for Data {
    fn is_present(event: &TypedEvent<K>) -> bool {
        event.has_data()
    }
}

impl<K: HasData, T: DeserializeOwned> OptionalFromEvent<K> for Json<T> {
    fn is_present(event: &TypedEvent<K>) -> bool {
        event.has_data()
    }
}

#[cfg(feature = "protobuf")]
impl<K: HasData, T: prost::Message + Default> OptionalFromEvent<K> for super::Protobuf<T> {
    fn is_present(event: &TypedEvent<K>) -> bool {
        event.has_data()
    }
}

impl<K: HasUser> OptionalFromEvent<K> for UserId {
    fn is_present(event: &TypedEvent<K>) -> bool {
        !event.user().is_empty()
    }
}

impl<K: HasMeta, T: DeserializeOwned> OptionalFromEvent<K> for Meta<T> {
    fn is_present(event: &TypedEvent<K>) -> bool {
        !event.meta().is_empty()
    }
}

impl<K: EventKind, T: Send + Sync + 'static> OptionalFromEvent<K> for Extension<T> {
    fn is_present(event: &TypedEvent<K>) -> bool {
        event.extensions().get::<T>().is_some()
    }
}
