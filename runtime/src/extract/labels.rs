//! The connection's labels.

use std::collections::BTreeMap;

use super::{Extracted, FromEvent};
use crate::event::{HasMeta, TypedEvent};

/// The labels of the connection; empty without Centrifugo PRO.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(pub BTreeMap<String, String>);

impl<K: HasMeta> FromEvent<K> for Labels {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Self(K::labels(event.request()).clone())))
    }
}
