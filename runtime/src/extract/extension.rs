//! The `Extension` extractor.

use std::any::type_name;
use std::sync::Arc;

use crate::error::Error;
use crate::event::EventKind;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// A value that a layer attached to the event. Derefs to `T`.
///
/// If no layer attached a `T`, extraction fails with an internal error, and `Option<Extension<T>>` is `None`. The
/// public field is an `Arc<T>`: `Extension(value): Extension<T>` destructures it. The guide shows
/// [how a layer attaches values](crate::guide::layers).
///
/// ```standalone_crate
/// use std::convert::Infallible;
/// use centrifugo::testing::TestClient;
/// use centrifugo::event::Event;
/// use centrifugo::layer::Next;
/// use centrifugo::{Extension, Json};
/// use tower::layer::layer_fn;
/// use tower::{Service, service_fn};
///
/// struct Region {
///     name: &'static str,
/// }
///
/// #[centrifugo::rpc("where")]
/// fn region(Extension(region): Extension<Region>) -> Json<&'static str> {
///     Json(region.name)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let layer = layer_fn(|next: Next| {
///     service_fn(move |mut event: Event| {
///         let mut next = next.clone();
///         async move {
///             event.extensions_mut().insert(Region { name: "eu" });
///             Ok::<_, Infallible>(next.call(event).await?)
///         }
///     })
/// });
/// let t = TestClient::builder().layer(layer).build().await?;
/// assert_eq!(t.rpc("where").await.json::<String>()?, "eu");
/// let without = TestClient::builder().build().await?;
/// assert_eq!(without.rpc("where").await.client_sees(), "error 100: internal server error (temporary)");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Extension<T>(pub Arc<T>);

shared_newtype!(Extension);

impl<K: EventKind, T: Send + Sync + 'static> FromEvent<K> for Extension<T> {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(event.extensions().get().map(Self).ok_or_else(|| {
            Error::internal(format!("no layer attached a `{}` to the event", type_name::<T>()))
        }))
    }
}
