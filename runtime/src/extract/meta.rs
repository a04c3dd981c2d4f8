//! The connection's meta.

use serde::de::DeserializeOwned;

use super::json::parse;
use super::{Extracted, FromEvent};
use crate::error::Error;
use crate::event::{HasMeta, TypedEvent};

/// What the connect reply gave as meta. It arrives only with `include_connection_meta` in Centrifugo's proxy
/// configuration; absent or of another shape it is an internal error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta<T>(pub T);

impl<K: HasMeta, T: DeserializeOwned> FromEvent<K> for Meta<T> {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        let meta = event.meta();
        if meta.is_empty() {
            return Extracted::Now(Err(Error::internal(
                "the event has no meta: set `include_connection_meta` in Centrifugo's proxy configuration",
            )));
        }
        Extracted::Now(parse(meta).map(Meta).map_err(|error| {
            Error::internal(format!(
                "the meta (`include_connection_meta`) has another shape: {error}"
            ))
        }))
    }
}
