//! The `Method` extractor.

use crate::event::HasMethod;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// The method of the rpc, as the client sent it. Derefs to `str`.
///
/// Every rpc event has one, so extraction never fails and there is no `Option<Method>`.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Json, Method};
///
/// #[centrifugo::rpc("math/*")]
/// fn math(method: Method, Json((a, b)): Json<(i64, i64)>) -> Json<i64> {
///     Json(if method.ends_with("/min") { a.min(b) } else { a.max(b) })
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("math/min").json(&(1, 2)).await.json::<i64>()?, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Method(pub String);

impl<K: HasMethod> FromEvent<K> for Method {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Self(event.target().to_owned())))
    }
}

text_newtype!(Method);
