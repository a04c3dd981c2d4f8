//! The connection's meta.

use std::ops::Deref;

use serde::de::DeserializeOwned;

use crate::error::{Error, parse};
use crate::event::HasMeta;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// The meta of the connection: JSON that the connect reply gave ([`reply::Connect::meta`](crate::reply::Connect::meta))
/// and that clients never see.
///
/// It arrives only with `include_connection_meta` in Centrifugo's proxy configuration. Absent or of another shape it is
/// an internal error, since the backend itself wrote it: the log names the setting, or the place. `Option<Meta<T>>` is
/// `None` where it is absent, and fails where it is broken; `Result<Meta<T>, Error>` shows both.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Json, Meta};
///
/// #[derive(serde::Deserialize)]
/// struct Session {
///     tenant: String,
/// }
///
/// #[centrifugo::rpc("tenant")]
/// fn tenant(Meta(session): Meta<Session>) -> Json<String> {
///     Json(session.tenant)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let call = t.rpc("tenant").meta(&serde_json::json!({ "tenant": "acme" }));
/// assert_eq!(call.await.json::<String>()?, "acme");
/// assert_eq!(t.rpc("tenant").await.client_sees(), "error 100: internal server error (temporary)");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta<T>(pub T);

impl<T> Deref for Meta<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

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
