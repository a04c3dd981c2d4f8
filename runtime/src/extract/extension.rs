//! What a layer put beside the event.

use std::any::type_name;
use std::sync::Arc;

use crate::error::Error;
use crate::event::EventKind;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// What a layer put beside the event. Derefs to `T`.
///
/// When no layer put a `T` there, it is an internal error; `Option<Extension<T>>` is `None` then. See
/// [layers](crate::guide::layers) for layers that do.
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
/// struct Region(&'static str);
///
/// #[centrifugo::rpc("where")]
/// fn region(region: Extension<Region>) -> Json<&'static str> {
///     Json(region.0)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let layer = layer_fn(|next: Next| {
///     service_fn(move |mut event: Event| {
///         let mut next = next.clone();
///         async move {
///             event.extensions_mut().insert(Region("eu"));
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
pub struct Extension<T> {
    inner: Arc<T>,
}

impl<K: EventKind, T: Send + Sync + 'static> FromEvent<K> for Extension<T> {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(
            event
                .extensions()
                .get()
                .map(|inner| Self { inner })
                .ok_or_else(|| {
                    Error::internal(format!("no layer put an `{}` beside the event", type_name::<T>()))
                }),
        )
    }
}

shared!(Extension);
