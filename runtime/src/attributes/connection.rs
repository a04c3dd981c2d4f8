//! Documentation of the attributes for connection events.

/// Registers the function that authenticates a connecting client, or refuses it.
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
/// A connect event also offers [`Json`](crate::Json), [`Data`](crate::Data) and [`Connection`](crate::Connection). The
/// data is the `data` option of the client's SDK. There is no [`UserId`](crate::UserId) yet, since the reply sets the
/// user.
///
/// # Return value
///
/// [`reply::Connect`](crate::reply::Connect), or the message
/// [`ConnectResult`](crate::proto::proxy::ConnectResult).
///
#[doc = include_str!("../../docs/attribute/errors.md")]
/// An error ends the connection attempt; the client tries again if the error is temporary. A disconnect with a code
/// from 4500 to 4999 makes the client stop trying.
///
/// # Centrifugo configuration
///
/// Set `client.proxy.connect.enabled`; see
/// [Centrifugo's documentation](https://centrifugal.dev/docs/server/proxy#connect-proxy). Centrifugo does not call the
/// handler for a client that connects with a token. It forwards only the headers that the proxy configuration lists;
/// see [Read cookies and headers](crate::guide::headers).
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// A program has at most one connect handler.
pub use centrifugo_macros::connect;

/// Registers the function that extends or ends an expired connection.
///
/// Centrifugo calls it for connections whose [`reply::Connect`](crate::reply::Connect) or token has an expiration time,
/// each time that it is reached; see [the guide](crate::guide::expiration).
///
/// # Example
///
/// ```standalone_crate
/// use std::time::Duration;
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, UserId, reply};
///
/// #[centrifugo::refresh]
/// async fn refresh(UserId(user): UserId) -> Result<reply::Refresh, Error> {
///     match user.as_str() {
///         "ann" => Ok(reply::Refresh::extend_by(Duration::from_secs(3600))),
///         "bob" => Ok(reply::Refresh::expired()),
///         // The client stays connected, and Centrifugo asks again.
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
/// A refresh event also offers [`UserId`](crate::UserId), [`Connection`](crate::Connection), [`Meta`](crate::Meta) and
/// [`Labels`](crate::extract::Labels).
///
/// # Return value
///
/// [`reply::Refresh`](crate::reply::Refresh), or the message [`RefreshResult`](crate::proto::proxy::RefreshResult). Set
/// `expire_at` in that message: without it Centrifugo closes the connection at once.
///
#[doc = include_str!("../../docs/attribute/errors.md")]
/// Centrifugo ignores errors and disconnects in this answer. A temporary error, an internal error, a panic and a
/// timeout therefore fail the call: Centrifugo keeps the connection for 60 s and asks again. Any other error and a
/// disconnect end the connection.
///
/// # Centrifugo configuration
///
/// Set `client.proxy.refresh.enabled`; see
/// [Centrifugo's documentation](https://centrifugal.dev/docs/server/proxy#refresh-proxy).
///
#[doc = include_str!("../../docs/attribute/limits.md")]
///
/// A program has at most one refresh handler.
pub use centrifugo_macros::refresh;
