//! The `Json` extractor and rpc reply.

use serde::de::DeserializeOwned;

use super::data::Data;
use crate::error::{Error, parse};
use crate::event::HasData;
use crate::handler::{Extracted, FromEvent, TypedEvent};
use crate::schema::argument_types;

/// Application data as JSON, and an rpc reply as JSON. Derefs to `T`.
///
/// # As an extractor
///
/// The table of [`FromEvent`](trait@crate::FromEvent) lists the events that carry data. Missing data and data that does
/// not fit `T` are answered with error 107 (bad request). Only the log has the place of the mismatch, and the expected
/// and actual types; it never shows a value. `Option<Json<T>>` is `None` if there is no data, and fails if the data
/// does not fit. `Result<Json<T>, Error>` passes the failure to the handler; the source of the error is the mismatch.
///
/// # As a reply
///
/// A value that can't be serialized is an internal error. The client receives the JSON that serde writes, unchanged:
/// numbers keep their precision, and `{}` stays an object.
///
/// ```standalone_crate
/// # use centrifugo::testing::TestClient;
/// use centrifugo::Json;
///
/// #[derive(serde::Deserialize)]
/// struct Sum {
///     of: Vec<i64>,
/// }
///
/// #[centrifugo::rpc("sum")]
/// fn sum(Json(sum): Json<Sum>) -> Json<i64> {
///     Json(sum.of.iter().sum())
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("sum").data(r#"{"of":[1,2]}"#).await.json::<i64>()?, 3);
/// let answer = t.rpc("sum").data(r#"{"of":[1,"2"]}"#).await;
/// assert_eq!(answer.client_sees(), "error 107: bad request");
/// assert!(answer.source().is_some_and(|source| source == "$.of[1]: expected i64, found a string"));
/// # Ok(())
/// # })
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Json<T>(pub T);

value_newtype!(Json);

impl<K: HasData, T: DeserializeOwned> FromEvent<K> for Json<T> {
    const IN_MEMORY: bool = true;
    argument_types!(Value T);

    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Data::of(event).and_then(|data| parse(&data).map(Json).map_err(Error::malformed)))
    }
}
