//! `Option<X>` and `Result<X, Error>` of an extractor.

use serde::de::DeserializeOwned;

use super::data::Data;
use super::extension::Extension;
use super::json::Json;
use super::meta::Meta;
use super::param::FromParam;
use super::user_id::UserId;
use crate::error::Error;
use crate::event::{EventKind, HasData, HasMeta, HasUser};
use crate::handler::{Extracted, FromEvent, StateNeed, TypedEvent};
#[cfg(feature = "schema")]
use crate::schema::ArgumentTypes;

/// An extractor that a handler can take as `Option<X>`.
///
/// `None` means that the value is absent. Extraction still fails for a malformed value. The table of
/// [`FromEvent`](trait@crate::FromEvent) lists these extractors. `Result<X, Error>` works for every extractor, and
/// passes the extraction error to the handler.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, Json};
///
/// #[centrifugo::rpc("double")]
/// fn double(number: Option<Json<i64>>) -> Json<i64> {
///     Json(number.map_or(0, |Json(number)| number * 2))
/// }
///
/// #[centrifugo::rpc("kind")]
/// fn kind(number: Result<Json<i64>, Error>) -> Json<&'static str> {
///     Json(if number.is_ok() { "a number" } else { "something else" })
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("double").json(&21).await.json::<i64>()?, 42);
/// assert_eq!(t.rpc("double").await.json::<i64>()?, 0);
/// assert_eq!(t.rpc("double").json("x").await.client_sees(), "error 107: bad request");
/// assert_eq!(t.rpc("kind").json("x").await.json::<String>()?, "something else");
/// # Ok(())
/// # }
/// ```
pub trait OptionalFromEvent<K: EventKind>: FromEvent<K> {
    /// Returns whether the event has the value.
    fn is_present(event: &TypedEvent<K>) -> bool;
}

#[diagnostic::do_not_recommend]
impl<K: EventKind, X: OptionalFromEvent<K> + Send + 'static> FromEvent<K> for Option<X> {
    const STATES: &'static [StateNeed] = X::STATES;
    const IN_MEMORY: bool = X::IN_MEMORY;
    #[cfg(feature = "schema")]
    const TYPES: ArgumentTypes = X::TYPES.optional();

    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        if !X::is_present(event) {
            return Extracted::Now(Ok(None));
        }
        match X::from_event(event) {
            Extracted::Now(result) => Extracted::Now(result.map(Some)),
            Extracted::Later(future) => Extracted::Later(Box::pin(async { future.await.map(Some) })),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<K: EventKind, X: FromEvent<K> + Send + 'static> FromEvent<K> for Result<X, Error> {
    const STATES: &'static [StateNeed] = X::STATES;
    const IN_MEMORY: bool = X::IN_MEMORY;
    #[cfg(feature = "schema")]
    const TYPES: ArgumentTypes = X::TYPES;

    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        match X::from_event(event) {
            Extracted::Now(result) => Extracted::Now(Ok(result)),
            Extracted::Later(future) => Extracted::Later(Box::pin(async { Ok(future.await) })),
        }
    }
}

impl<K: HasData> OptionalFromEvent<K> for Data {
    fn is_present(event: &TypedEvent<K>) -> bool {
        event.has_data()
    }
}

impl<K: HasData, T: DeserializeOwned> OptionalFromEvent<K> for Json<T> {
    fn is_present(event: &TypedEvent<K>) -> bool {
        event.has_data()
    }
}

#[cfg(feature = "protobuf")]
impl<K: HasData, T: prost::Message + Default> OptionalFromEvent<K> for super::protobuf::Protobuf<T> {
    fn is_present(event: &TypedEvent<K>) -> bool {
        event.has_data()
    }
}

impl<K: HasUser, T: FromParam> OptionalFromEvent<K> for UserId<T> {
    fn is_present(event: &TypedEvent<K>) -> bool {
        !event.user().is_empty()
    }
}

impl<K: HasMeta, T: DeserializeOwned> OptionalFromEvent<K> for Meta<T> {
    fn is_present(event: &TypedEvent<K>) -> bool {
        !event.meta().is_empty()
    }
}

impl<K: EventKind, T: Send + Sync + 'static> OptionalFromEvent<K> for Extension<T> {
    fn is_present(event: &TypedEvent<K>) -> bool {
        event.extensions().get::<T>().is_some()
    }
}
