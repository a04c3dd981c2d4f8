//! The client's connection.

use crate::event::HasConnection;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// The connection that the event comes from.
///
/// It is always there, so it can't fail, and there is no `Option<Connection>`. The notifications and
/// shared_poll_refresh have no connection.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Connection, Json};
///
/// #[centrifugo::rpc("how")]
/// fn how(connection: Connection) -> Json<String> {
///     Json(format!("{} with {}", connection.transport, connection.protocol))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// assert_eq!(t.rpc("how").await.json::<String>()?, "websocket with json");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connection {
    /// The id that Centrifugo gave the client: another one for each connection, also of the same user.
    pub client: String,
    /// `websocket`, `sse`, `http_stream` and others.
    pub transport: String,
    /// `json` or `protobuf`.
    pub protocol: String,
    /// `json` or `binary`: how the proxy passes data.
    pub encoding: String,
}

impl<K: HasConnection> FromEvent<K> for Connection {
    const IN_MEMORY: bool = true;
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Ok(Self {
            client: event.client().to_owned(),
            transport: event.transport().to_owned(),
            protocol: event.protocol().to_owned(),
            encoding: event.encoding().to_owned(),
        }))
    }
}
