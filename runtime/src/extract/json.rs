//! Application data as JSON.

use std::ops::Deref;

use serde::de::DeserializeOwned;

use super::data::Data;
use crate::error::{Error, parse};
use crate::event::HasData;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// Application data as JSON, in connect, subscribe, publish and rpc events; and the answer to an rpc.
///
/// Data of another shape is answered 107 «bad request». The log alone has the path and the kinds of what was expected and
/// found, and no value. No data at all is of another shape too. `Option<Json<T>>` is `None` where there is no data, and fails all the same where it is
/// broken; `Result<Json<T>, Error>` shows the failure to the handler, and as its source where it is wrong.
///
/// As a reply, a value that can't be serialized is an internal error. Numbers keep their precision, and `{}` stays an
/// object: what serde writes is what the client gets.
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<K: HasData, T: DeserializeOwned> FromEvent<K> for Json<T> {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Data::of(event).and_then(|data| parse(&data).map(Json).map_err(Error::malformed)))
    }
}
