//! The `Labels` extractor.

use std::collections::BTreeMap;
use std::ops::Deref;

use crate::event::HasMeta;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// The labels of the connection, which the connect reply sets
/// ([`reply::Connect::label`](crate::reply::Connect::label)). Derefs to the map.
///
/// Only Centrifugo PRO keeps labels; with the open-source server the map is empty. Extraction never fails and there is
/// no `Option<Labels>`.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::extract::Labels;
/// use centrifugo::Json;
///
/// #[centrifugo::rpc("plan")]
/// fn plan(Labels(labels): Labels) -> Json<String> {
///     Json(labels.get("plan").map_or("free", String::as_str).to_owned())
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Labels(pub BTreeMap<String, String>);

impl<K: HasMeta> FromEvent<K> for Labels {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Self(K::labels(event.request()).clone())))
    }
}

impl Deref for Labels {
    type Target = BTreeMap<String, String>;
    fn deref(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

impl AsRef<BTreeMap<String, String>> for Labels {
    fn as_ref(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

impl From<BTreeMap<String, String>> for Labels {
    fn from(labels: BTreeMap<String, String>) -> Self {
        Self(labels)
    }
}

impl From<Labels> for BTreeMap<String, String> {
    fn from(labels: Labels) -> Self {
        labels.0
    }
}
