//! The channel or the method that the event is for.

use std::ops::Deref;

use super::{Extracted, FromEvent};
use crate::event::{HasChannel, HasMethod, TypedEvent};

/// The channel of the event. Derefs to `str`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Channel(pub String);

/// The method of the rpc. Derefs to `str`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Method(pub String);

impl<K: HasChannel> FromEvent<K> for Channel {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Self(event.channel().to_owned())))
    }
}

impl<K: HasMethod> FromEvent<K> for Method {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Self(event.target().to_owned())))
    }
}

impl Deref for Channel {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Deref for Method {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}
