//! Documentation of the derives.

/// Derives [`ReplyError`](trait@crate::ReplyError), which maps an application's errors to replies.
///
/// Handlers can then return the type as their error. The derive also implements `From<..>` for [`Error`](crate::Error),
/// so that `?` converts it. It reads the texts of `thiserror`'s `#[error("..")]` attributes, and also works without
/// them.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Json, ResultExt};
///
/// #[derive(Debug, thiserror::Error, centrifugo::ReplyError)]
/// enum AppError {
///     #[error("no such user")]
///     #[reply(error = 404)]
///     NoSuchUser,
///     #[error("slow down")]
///     #[reply(error = 1001, temporary)]
///     Busy,
///     #[error("banned for {0}")]
///     #[reply(disconnect = 4501, reason = "banned")]
///     Banned(String),
///     #[error("database")]
///     #[reply(internal)]
///     Database(#[from] std::io::Error),
///     #[error(transparent)]
///     #[reply(transparent)]
///     Other(#[from] centrifugo::Error),
/// }
///
/// #[centrifugo::rpc("user/{id}")]
/// fn user(id: u32) -> Result<Json<String>, AppError> {
///     match id {
///         1 => Ok(Json("ann".to_owned())),
///         2 => Err(AppError::Busy),
///         3 => Err(AppError::Banned("spam".to_owned())),
///         4 => Ok(Json(std::fs::read_to_string("/nowhere")?)),
///         // `internal` turns any error into an internal one.
///         5 => Ok(Json("x".parse::<u32>().internal()?.to_string())),
///         _ => Err(AppError::NoSuchUser),
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("user/9").await.client_sees(), "error 404: no such user");
/// assert_eq!(t.rpc("user/2").await.client_sees(), "error 1001: slow down (temporary)");
/// assert_eq!(t.rpc("user/3").await.client_sees(), "disconnect 4501: banned");
/// // The text of an internal error is in the log only.
/// assert_eq!(t.rpc("user/4").await.client_sees(), "error 100: internal server error (temporary)");
/// assert_eq!(t.rpc("user/5").await.client_sees(), "error 100: internal server error (temporary)");
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
/// `#[reply(..)]` on each variant, or on a struct, with exactly one of:
///
/// - `error = 404`: an error with this code, from 400 to 1999.
/// - `disconnect = 4501`: closes the connection with this code. Clients reconnect after 4000 to 4499, and do not after
///   4500 to 4999.
/// - `internal`: the client sees code 100 and no details. The log has the whole chain of sources.
/// - `transparent`: the reply of the single field, which implements `ReplyError` itself.
///
/// and optionally:
///
/// - `temporary`, with `error`: the client may try again.
/// - `message = ".."`, with `error`: the text for the client. Default: the text of `#[error("..")]`.
/// - `reason = ".."`, with `disconnect`: the reason for the client, at most 32 bytes of ASCII, which is
///   [Centrifugo's limit](https://centrifugal.dev/docs/server/codes). Default: the text of `#[error("..")]`, cut off at
///   32 bytes if it has placeholders; the log says so.
///
/// A variant with a source (a field with `#[from]` or `#[source]`, or named `source`) is logged with its text and its
/// chain of sources. The source must be `Send + Sync`.
///
/// `#[reply(crate = path)]` on the type sets the path of the `centrifugo` crate, if the dependency is renamed.
///
/// # Limitations
///
/// A code out of range does not compile. A text with placeholders on a variant with a source does not compile either,
/// since it could show the source to the client.
pub use centrifugo_macros::ReplyError;

/// Derives [`FromEvent`](trait@crate::FromEvent) for a struct of extractors.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Connection, FromEvent, Json, Metadata, UserId};
///
/// #[derive(FromEvent)]
/// struct Caller {
///     user: Option<UserId>,
///     connection: Connection,
///     metadata: Metadata,
/// }
///
/// #[centrifugo::rpc("whoami")]
/// fn whoami(caller: Caller) -> Json<String> {
///     let user = caller.user.map_or("nobody".to_owned(), |UserId(user)| user);
///     let headers = caller.metadata.keys().count();
///     Json(format!("{user} by {}, {headers} headers", caller.connection.transport))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("whoami").user("ann").await.json::<String>()?, "ann by websocket, 0 headers");
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
/// - `#[from_event(crate = path)]` on the struct: the path of the `centrifugo` crate, if the dependency is renamed.
///
/// # Limitations
///
/// Structs only, with named or unnamed fields, generic in types but not in lifetimes. Fields are extracted in their
/// order, scoped values after the others. The first failure is the failure of the struct. A handler can take the struct
/// if its event offers all fields.
pub use centrifugo_macros::FromEvent;

/// Derives [`FromParam`](trait@crate::FromParam) for a newtype, so that it can bind to a `{name}` of a pattern.
///
/// [`UserId<T>`](crate::UserId) also takes such a newtype.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{FromParam, Json};
///
/// #[derive(FromParam)]
/// struct RoomId(u32);
///
/// #[centrifugo::rpc("room/{id}/double")]
/// fn double(id: RoomId) -> Json<u32> {
///     Json(id.0 * 2)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("room/21/double").await.json::<u32>()?, 42);
/// assert_eq!(t.rpc("room/x/double").await.client_sees(), "error 104: method not found");
/// // Integers are accepted in their canonical form only.
/// assert_eq!(t.rpc("room/021/double").await.client_sees(), "error 104: method not found");
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
/// - `#[param(crate = path)]` on the struct: the path of the `centrifugo` crate, if the dependency is renamed.
///
/// # Limitations
///
/// The struct has one field, whose type implements [`FromParam`](trait@crate::FromParam). A type that implements
/// `FromStr` needs no derive, since every `FromStr` type implements `FromParam` already.
pub use centrifugo_macros::FromParam;
