//! Application data as a protobuf message.

use super::{Data, Extracted, FromEvent};
use crate::error::Error;
use crate::event::{HasData, TypedEvent};

/// Application data as a prost message, for clients that send binary data. What does not decode is answered 107.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protobuf<T>(pub T);

impl<K: HasData, T: prost::Message + Default> FromEvent<K> for Protobuf<T> {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Data::of(event).and_then(|data| {
            T::decode(data.into_bytes()).map(Protobuf).map_err(|error| {
                tracing::warn!(target: "centrifugo", kind = %K::KIND, %error, "data does not decode");
                Error::bad_request()
            })
        }))
    }
}
