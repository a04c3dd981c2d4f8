//! What a layer put beside the event.

use std::any::type_name;
use std::ops::Deref;
use std::sync::Arc;

use super::{Extracted, FromEvent};
use crate::error::Error;
use crate::event::{EventKind, TypedEvent};

/// What a layer put there; an internal error when none did. Derefs to `T`.
#[derive(Debug)]
pub struct Extension<T> {
    inner: Arc<T>,
}

impl<K: EventKind, T: Send + Sync + 'static> FromEvent<K> for Extension<T> {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(
            event
                .extensions()
                .get()
                .map(|inner| Self { inner })
                .ok_or_else(|| {
                    Error::internal(format!("no layer put an `{}` beside the event", type_name::<T>()))
                }),
        )
    }
}

impl<T> From<Extension<T>> for Arc<T> {
    fn from(extension: Extension<T>) -> Self {
        extension.inner
    }
}

impl<T> Deref for Extension<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.inner
    }
}
