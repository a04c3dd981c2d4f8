//! The `Connection` extractor.

use crate::event::HasConnection;
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// The client connection that the event comes from.
///
/// All events have one except the notifications and shared_poll_refresh. Extraction never fails and there is no
/// `Option<Connection>`.
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Connection {
    /// The id that Centrifugo assigned to this connection. Each connection of a user has its own.
    pub client: String,
    /// The client's transport: `websocket`, `sse`, `http_stream` or another one.
    pub transport: String,
    /// The client's protocol: `json` or `protobuf`.
    pub protocol: String,
    /// The encoding in which Centrifugo's proxy sends data: `json` or `binary`.
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
