//! Documentation of the attribute for rpc events.

/// Registers a function that answers a client's rpc.
///
/// # Example
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, Json, UserId};
///
/// #[derive(serde::Deserialize)]
/// struct Transfer {
///     cents: u64,
/// }
///
/// #[centrifugo::rpc("account/{id}/transfer", timeout = "2s")]
/// async fn transfer(id: u32, UserId(user): UserId, Json(transfer): Json<Transfer>) -> Result<Json<String>, Error> {
///     if transfer.cents > 10_000 {
///         return Err(Error::custom::<1001>("too much for one day"));
///     }
///     Ok(Json(format!("{} cents of {user} to {id}", transfer.cents)))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let call = t.rpc("account/7/transfer").user("ann").data(r#"{"cents":500}"#);
/// assert_eq!(call.await.json::<String>()?, "500 cents of ann to 7");
/// let call = t.rpc("account/7/transfer").user("ann").data(r#"{"cents":10001}"#);
/// assert_eq!(call.await.client_sees(), "error 1001: too much for one day");
/// let call = t.rpc("account/seven/transfer").user("ann").data(r#"{"cents":500}"#);
/// assert_eq!(call.await.client_sees(), "error 104: method not found");
/// # Ok(())
/// # }
/// ```
///
/// # Attribute arguments
///
/// - The pattern of the methods that the function handles (required). It comes first and has no key.
#[doc = include_str!("../../docs/attribute/arguments.md")]
///
#[doc = include_str!("../../docs/attribute/pattern.md")]
///
#[doc = include_str!("../../docs/attribute/takes.md")]
///
/// An rpc event also offers [`UserId`](crate::UserId), [`Method`](crate::Method), [`Json`](crate::Json),
/// [`Data`](crate::Data), [`Connection`](crate::Connection), [`Meta`](crate::Meta) and
/// [`Labels`](crate::extract::Labels).
///
#[doc = include_str!("../../docs/attribute/binds.md")]
///
/// # Return value
///
/// [`Json`](crate::Json), [`Data`](crate::Data), `Protobuf` (feature `protobuf`), `()` for no data, or the message
/// [`RpcResult`](crate::proto::proxy::RpcResult).
///
#[doc = include_str!("../../docs/attribute/errors.md")]
///
/// # Centrifugo configuration
///
/// Set `rpc.without_namespace.proxy_enabled`, or `proxy_enabled` of an rpc namespace; see
/// [Centrifugo's documentation](https://centrifugal.dev/docs/server/proxy#rpc-proxy). Centrifugo sends the calls of one
/// client one after another unless `client.concurrency` is set.
///
#[doc = include_str!("../../docs/attribute/limits.md")]
pub use centrifugo_macros::rpc;
