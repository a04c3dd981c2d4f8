//! The user of the connection.

use std::ops::Deref;

use super::{Extracted, FromEvent};
use crate::error::Error;
use crate::event::{HasUser, TypedEvent};

/// The user's id. On an anonymous connection the answer is 101 «unauthorized»; `Option<UserId>` takes both. Derefs to `str`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserId(pub String);

impl<K: HasUser> FromEvent<K> for UserId {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        let user = event.user();
        Extracted::Now(if user.is_empty() {
            Err(Error::unauthorized())
        } else {
            Ok(Self(user.to_owned()))
        })
    }
}

impl Deref for UserId {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}
