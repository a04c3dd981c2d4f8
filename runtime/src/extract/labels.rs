//! The connection's labels.

use std::collections::BTreeMap;

use crate::event::HasMeta;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// The labels of the connection, as the connect reply gave them
/// ([`reply::Connect::label`](crate::reply::Connect::label)).
///
/// Centrifugo PRO alone keeps them: with the open-source server they are empty. It can't fail, and there is no
/// `Option<Labels>`.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::extract::Labels;
/// use centrifugo::Json;
///
/// #[centrifugo::rpc("plan")]
/// fn plan(labels: Labels) -> Json<String> {
///     Json(labels.0.get("plan").map_or("free", String::as_str).to_owned())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("plan").await.json::<String>()?, "free");
/// let call = t.rpc("plan").with(|message| drop(message.labels.insert("plan".into(), "gold".into())));
/// assert_eq!(call.await.json::<String>()?, "gold");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(pub BTreeMap<String, String>);

impl<K: HasMeta> FromEvent<K> for Labels {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Self(K::labels(event.request()).clone())))
    }
}
