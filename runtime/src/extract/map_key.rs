//! The key of a map channel that the event is for.

use crate::event::HasKey;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// The key of a map channel that a client publishes or removes. Derefs to `str`.
///
/// It is the client's choice: check that it may be. It is always there, so it can't fail, and there is no
/// `Option<MapKey>`.
///
/// ```
/// use centrifugo::extract::MapKey;
/// use centrifugo::{Error, UserId, reply};
///
/// // Each user moves their own cursor.
/// #[centrifugo::map_publish(channel = "cursors:*")]
/// fn cursor(user: UserId, key: MapKey) -> Result<reply::MapPublish, Error> {
///     if *user != *key {
///         return Err(Error::permission_denied());
///     }
///     Ok(reply::MapPublish::allow())
/// }
/// # assert!(cursor(UserId("1".into()), MapKey("2".into())).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MapKey(pub String);

impl<K: HasKey> FromEvent<K> for MapKey {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Self(event.key().to_owned())))
    }
}

text!(MapKey);
