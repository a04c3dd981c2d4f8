//! The `UserId` extractor.

use std::fmt;
use std::ops::Deref;

use serde::{Serialize, Serializer};

use super::param::FromParam;
use crate::error::{Error, MalformedMessage};
use crate::event::HasUser;
use crate::handler::{Extracted, FromEvent, TypedEvent};
use crate::logging::clip;

/// The user of the connection, which the connect reply or a token sets.
///
/// `UserId` is the user id as text and derefs to `str`. `UserId<T>` parses it as any type that a `{name}` of a pattern
/// can bind to ([`FromParam`]): `UserId(id): UserId<i64>`.
///
/// An anonymous connection and a user id that does not parse are answered with error 101 (unauthorized). The log has
/// the reason why the id does not parse. `Option<UserId<T>>` is `None` for an anonymous connection only.
/// `Result<UserId<T>, Error>` passes both failures to the handler. Connect events have no user: their reply sets it.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Json, UserId};
///
/// #[centrifugo::rpc("next")]
/// fn next(UserId(id): UserId<i64>) -> Json<i64> {
///     Json(id + 1)
/// }
///
/// #[centrifugo::rpc("greet")]
/// fn greet(user: Option<UserId>) -> Json<String> {
///     Json(user.map_or("hello stranger".to_owned(), |user| format!("hello {user}")))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("next").user("41").await.json::<i64>()?, 42);
/// assert_eq!(t.rpc("next").user("ann").await.client_sees(), "error 101: unauthorized");
/// assert_eq!(t.rpc("next").await.client_sees(), "error 101: unauthorized");
/// assert_eq!(t.rpc("greet").user("ann").await.json::<String>()?, "hello ann");
/// assert_eq!(t.rpc("greet").await.json::<String>()?, "hello stranger");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId<T = String>(pub T);

impl<K: HasUser, T: FromParam> FromEvent<K> for UserId<T> {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        let user = event.user();
        Extracted::Now(if user.is_empty() {
            Err(Error::unauthorized())
        } else {
            T::from_param(user).map(Self).map_err(|error| {
                let (user, error) = (clip(user), clip(&error));
                Error::unauthorized().with_source(MalformedMessage(format!(
                    "the user id `{user}` does not parse: {error}"
                )))
            })
        })
    }
}

impl Deref for UserId {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for UserId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<T: fmt::Display> fmt::Display for UserId<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: PartialEq<str>> PartialEq<str> for UserId<T> {
    fn eq(&self, other: &str) -> bool {
        self.0 == *other
    }
}

impl<'a, T: PartialEq<&'a str>> PartialEq<&'a str> for UserId<T> {
    fn eq(&self, other: &&'a str) -> bool {
        self.0 == *other
    }
}

impl PartialEq<String> for UserId {
    fn eq(&self, other: &String) -> bool {
        self.0 == *other
    }
}

impl<T> From<T> for UserId<T> {
    fn from(id: T) -> Self {
        Self(id)
    }
}

impl From<&str> for UserId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl From<UserId> for String {
    fn from(user: UserId) -> Self {
        user.0
    }
}

impl<T: Serialize> Serialize for UserId<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
