//! Application data as JSON.

use serde::de::DeserializeOwned;

use super::{Data, Extracted, FromEvent};
use crate::error::Error;
use crate::event::{HasData, TypedEvent};

/// Application data as JSON. Data of another shape is answered 107 «bad request»; where it is wrong is in the log only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<K: HasData, T: DeserializeOwned> FromEvent<K> for Json<T> {
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Data::of(event).and_then(|data| {
            serde_json::from_slice(&data).map(Json).map_err(|error| {
                tracing::warn!(target: "centrifugo", kind = %K::KIND, client = event.client(), %error, "data of another shape");
                Error::bad_request()
            })
        }))
    }
}
