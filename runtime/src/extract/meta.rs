//! The `Meta` extractor.

use serde::de::DeserializeOwned;

use crate::error::{Error, parse};
use crate::event::HasMeta;
use crate::handler::{Extracted, FromEvent, StateNeed, TypedEvent};
use crate::schema::argument_types;

/// The meta of the connection: JSON from the connect reply that clients never see. Derefs to `T`.
///
/// [`reply::Connect::meta`](crate::reply::Connect::meta) sets it, and Centrifugo sends it with later events only if
/// `include_connection_meta` is on in its
/// [proxy configuration](https://centrifugal.dev/docs/server/proxy). Since the backend wrote the meta itself, a
/// missing meta and a meta that does not fit `T` are internal errors. The log names the setting, or the place of the
/// mismatch. `Option<Meta<T>>` is `None` if the meta is missing, and fails if it does not fit. `Result<Meta<T>, Error>`
/// passes both failures to the handler.
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Meta<T>(pub T);

value_newtype!(Meta);

impl<K: HasMeta, T: DeserializeOwned> FromEvent<K> for Meta<T> {
    const IN_MEMORY: bool = true;
    const STATES: &'static [StateNeed] = &[StateNeed::CONNECTION_META];
    argument_types!(Meta T);

    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        let meta = event.meta();
        if meta.is_empty() {
            return Extracted::Now(Err(Error::internal(
                "the event has no meta: set `include_connection_meta` in Centrifugo's proxy configuration",
            )));
        }
        Extracted::Now(parse(meta).map(Meta).map_err(|error| {
            Error::internal(format!("the connection's meta does not fit the type: {error}"))
        }))
    }
}
