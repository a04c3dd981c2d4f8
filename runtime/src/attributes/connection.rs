//! Attributes for the events of a connection.

/// Answers the connection of a client: who it is, or why it may not come in.
///
/// # Example
///
/// ```standalone_crate
/// use std::time::Duration;
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, Json, reply};
///
/// #[derive(serde::Deserialize)]
/// struct Login {
///     token: String,
/// }
///
/// #[centrifugo::connect]
/// async fn connect(Json(login): Json<Login>) -> Result<reply::Connect, Error> {
///     match login.token.as_str() {
///         "t-ann" => Ok(reply::Connect::user("ann").expires_in(Duration::from_secs(3600))),
///         _ => Err(Error::disconnect::<4501>("wrong token")),
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let answer = t.connect().json(&serde_json::json!({ "token": "t-ann" })).await;
/// assert_eq!(answer.result().map(|result| result.user.as_str()), Some("ann"));
/// let answer = t.connect().json(&serde_json::json!({ "token": "x" })).await;
/// assert_eq!(answer.client_sees(), "disconnect 4501: wrong token");
/// assert_eq!(t.connect().await.client_sees(), "error 107: bad request");
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
#[doc = include_str!("../../docs/attribute/arguments.md")]
///
#[doc = include_str!("../../docs/attribute/takes.md")]
///
/// A connect event has also [`Json`](crate::Json), [`Data`](crate::Data) and [`Connection`](crate::Connection): the
/// data is what the client's code gave to its constructor. It has no user yet: the answer says who it is.
///
/// # Return value
///
/// [`reply::Connect`](crate::reply::Connect), or the message
/// [`ConnectResult`](crate::proto::proxy::ConnectResult).
///
#[doc = include_str!("../../docs/attribute/errors.md")]
/// An error closes the connection attempt, and the client tries again when it is temporary; a disconnect with a code
/// from 4500 to 4999 makes it stop trying.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// One per program. Headers arrive only when Centrifugo's proxy configuration lists them (`http_headers`,
/// `grpc_metadata`).
pub use centrifugo_macros::connect;

/// Answers for a connection that is about to expire: how long it goes on, or that it ends.
///
/// Asked for connections whose [`reply::Connect`](crate::reply::Connect) said when they expire, each time that this is
/// due.
///
/// # Example
///
/// ```standalone_crate
/// use std::time::Duration;
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, UserId, reply};
///
/// #[centrifugo::refresh]
/// async fn refresh(user: UserId) -> Result<reply::Refresh, Error> {
///     match &*user {
///         "ann" => Ok(reply::Refresh::extend_by(Duration::from_secs(3600))),
///         "bob" => Ok(reply::Refresh::expired()),
///         // The client stays, and Centrifugo asks again.
///         _ => Err(Error::internal("the database is down")),
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert!(t.refresh().user("ann").await.result().is_some_and(|result| result.expire_at > 0));
/// assert!(t.refresh().user("bob").await.result().is_some_and(|result| result.expired));
/// let answer = t.refresh().user("eve").await;
/// assert_eq!(answer.client_sees(), "nothing: 60 s of grace, then asked again");
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
#[doc = include_str!("../../docs/attribute/arguments.md")]
///
#[doc = include_str!("../../docs/attribute/takes.md")]
///
/// A refresh event has also [`UserId`](crate::UserId), [`Connection`](crate::Connection), [`Meta`](crate::Meta) and
/// [`Labels`](crate::extract::Labels).
///
/// # Return value
///
/// [`reply::Refresh`](crate::reply::Refresh), or the message [`RefreshResult`](crate::proto::proxy::RefreshResult),
/// whose `expire_at` must be set: without it Centrifugo closes the connection at once.
///
#[doc = include_str!("../../docs/attribute/errors.md")]
/// Centrifugo reads neither an error nor a disconnect here. So what is temporary, an internal error, a panic and a
/// handler past its limit are answered with a failure: the connection gets 60 s of grace, and then Centrifugo asks
/// again. Any other error, and a disconnect, end the connection.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// One per program.
pub use centrifugo_macros::refresh;
