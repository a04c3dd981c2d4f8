//! A client of the server API.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::retry::RetryingTransport;
use super::transport::{Encoding, Transport};

/// A client of Centrifugo's [server API](https://centrifugal.dev/docs/server/server_api).
///
/// Clones are cheap and share their connections. Many calls can be in flight at once.
///
/// Each method returns a [`Call`](super::Call): set its options, then await it inside a tokio runtime. A handler takes an
/// [`Api`](crate::Api).
///
/// A call has a time limit, 5 s by default. Within it, a call that did not reach Centrifugo is sent again. A call that may have
/// been carried out is sent again only if it has an idempotency key. [`Error::delivery`](super::Error::delivery) tells these
/// cases apart. A client has up to 1,024 calls in flight, with up to 32 MiB of requests in total; further calls wait. See [the guide](crate::guide::server_api#publish-exactly-once).
///
/// ```no_run
/// use centrifugo::api::Client;
///
/// # async fn run() -> Result<(), centrifugo::api::Error> {
/// let client = Client::http("http://127.0.0.1:8000").key("my-api-key").build()?;
/// let published = client.publish("news", &"hello").await?;
/// println!("at offset {}", published.offset);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<RetryingTransport>);

impl Client {
    pub(crate) fn new(transport: Box<dyn Transport>, timeout: Duration) -> Self {
        Self(Arc::new(RetryingTransport::new(transport, timeout)))
    }

    pub(super) fn transport(&self) -> &RetryingTransport {
        &self.0
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.0.encoding()
    }
}

/// Shows the transport and its address, and no credentials.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({:?})", self.0)
    }
}
