//! `Metadata` as an extractor.

use crate::event::{EventKind, Metadata};
use crate::handler::{Extracted, FromEvent, TypedEvent};

impl<K: EventKind> FromEvent<K> for Metadata {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Metadata::clone(event.metadata())))
    }
}
