//! The headers that came along.

use super::{Extracted, FromEvent};
use crate::event::{EventKind, Metadata, TypedEvent};

impl<K: EventKind> FromEvent<K> for Metadata {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Metadata::clone(event.metadata())))
    }
}
