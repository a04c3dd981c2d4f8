//! The user of the connection.

use crate::error::Error;
use crate::event::HasUser;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// The user of the connection, as the connect reply or a token said it. Derefs to `str`.
///
/// On an anonymous connection the answer is 101 «unauthorized». `Option<UserId>` is `None` there; `Result<UserId,
/// Error>` shows the refusal. A connect event has none: its answer says who the user is.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Json, UserId};
///
/// #[centrifugo::rpc("me")]
/// fn me(user: UserId) -> Json<String> {
///     Json(user.0)
/// }
///
/// #[centrifugo::rpc("greet")]
/// fn greet(user: Option<UserId>) -> Json<String> {
///     Json(user.map_or("hello stranger".to_owned(), |user| format!("hello {}", &*user)))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("me").user("ann").await.json::<String>()?, "ann");
/// assert_eq!(t.rpc("me").await.client_sees(), "error 101: unauthorized");
/// assert_eq!(t.rpc("greet").await.json::<String>()?, "hello stranger");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserId(pub String);

impl<K: HasUser> FromEvent<K> for UserId {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        let user = event.user();
        Extracted::Now(if user.is_empty() {
            Err(Error::unauthorized())
        } else {
            Ok(Self(user.to_owned()))
        })
    }
}

text!(UserId);
