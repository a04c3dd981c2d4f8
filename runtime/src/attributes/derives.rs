//! The derives.

/// Says what the client gets for an error of the application's own.
///
/// It implements [`ReplyError`](trait@crate::ReplyError), so that handlers can return the type, and `From<..>` for
/// [`Error`](crate::Error), so that `?` turns it into one. It goes well with `thiserror`, whose texts it reads, and
/// works without it.
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
///         // Any error becomes an internal one.
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
/// // The text is in the log only.
/// assert_eq!(t.rpc("user/4").await.client_sees(), "error 100: internal server error (temporary)");
/// assert_eq!(t.rpc("user/5").await.client_sees(), "error 100: internal server error (temporary)");
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
/// `#[reply(..)]` on each variant, or on a struct, with one of the first four:
///
/// - `error = 404`: an error with this code, 400 to 1999.
/// - `disconnect = 4501`: closes the connection with this code: 4000 to 4499 let the client reconnect, 4500 to 4999 do
///   not.
/// - `internal`: the client sees code 100 and nothing else; the log has the whole chain.
/// - `transparent`: what the one field says, itself a `ReplyError`.
/// - `temporary`, beside `error`: the client may try again.
/// - `message = ".."`: the text for the client, where it is not that of `#[error("..")]`.
/// - `reason = ".."`, beside `disconnect`: the same, at most 32 bytes of ASCII, as Centrifugo asks. A text with holes
///   is clipped to that, and logged.
///
/// A variant with a source that thiserror finds (`#[from]`, `#[source]`, a field of that name) is shown in the log, with
/// its own text and the whole chain, as an internal one is. Such an error must be `Send + Sync`.
///
/// `#[reply(crate = path)]` on the type says where `centrifugo` is, for a renamed dependency.
///
/// # Limitations
///
/// A code out of range does not compile, and neither does a text with holes on a variant with a source: it could show
/// the source to the client.
pub use centrifugo_macros::ReplyError;

/// Makes a struct of extractors an extractor.
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
///     let user = caller.user.map_or("nobody".to_owned(), |user| user.0);
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
/// - `#[from_event(crate = path)]` on the struct: where `centrifugo` is, for a renamed dependency.
///
/// # Limitations
///
/// Structs only, with named fields or without, generic in types but not in lifetimes. Fields are taken in their order,
/// scoped values after the others; the first failure is that of the whole. The struct fits the events that all its
/// fields fit.
pub use centrifugo_macros::FromEvent;

/// Lets a newtype bind to a name of a pattern, as what it holds.
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
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
/// - `#[param(crate = path)]` on the struct: where `centrifugo` is, for a renamed dependency.
///
/// # Limitations
///
/// Structs with one field, which is itself a [`FromParam`](trait@crate::FromParam). Not beside a `FromStr` of its own,
/// which makes the type one already.
pub use centrifugo_macros::FromParam;
