//! The `MapKey` extractor.

use crate::event::HasKey;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// The key of a map channel that a client publishes or removes. Derefs to `str`.
///
/// The client chooses the key, so check that the user may write it. Every map_publish and map_remove event has a key,
/// so extraction never fails and there is no `Option<MapKey>`.
///
/// ```
/// use centrifugo::extract::MapKey;
/// use centrifugo::{Error, UserId, reply};
///
/// // A user may move only their own cursor.
/// #[centrifugo::map_publish(channel = "cursors:*")]
/// fn cursor(UserId(user): UserId, MapKey(key): MapKey) -> Result<reply::MapPublish, Error> {
///     if user != key {
///         return Err(Error::permission_denied());
///     }
///     Ok(reply::MapPublish::allow())
/// }
/// # assert!(cursor("1".into(), "2".into()).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MapKey(pub String);

impl<K: HasKey> FromEvent<K> for MapKey {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Self(event.key().to_owned())))
    }
}

text_newtype!(MapKey);
