//! A client of the server API.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::call::Call;
use super::error::{Error, ErrorKind};
use super::gate::Gate;
use super::schema::{Method, Names};
use super::transport::{Attempt, Encoding, Progress, Transport};

/// Calls Centrifugo's [server API](https://centrifugal.dev/docs/server/server_api). Cheap to clone; all clones share a
/// connection, on which many calls can be under way at once.
///
/// Each method gives a [`Call`]: set its options, then await it, inside a tokio runtime. In a handler, take an
/// [`Api`](crate::Api).
///
/// A call has a time limit (5 s unless set). Within it, a call that never left is sent again; one that may have been
/// carried out is not, unless it has an idempotency key. [`Error::delivery`] says which of these a failed call was.
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
pub struct Client(Arc<Core>);

struct Core {
    transport: Box<dyn Transport>,
    timeout: Duration,
    gate: Gate,
}

impl Client {
    pub(crate) fn new(transport: Box<dyn Transport>, timeout: Duration) -> Self {
        Self(Arc::new(Core {
            transport,
            timeout,
            gate: Gate::default(),
        }))
    }

    /// A call of any method with a whole request message.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// use centrifugo::api::method;
    /// use centrifugo::proto::api::PresenceRequest;
    ///
    /// let request = PresenceRequest { channel: "chat:1".into() };
    /// let presence = api.call::<method::Presence>(request).await?;
    /// assert!(presence.presence.is_empty());
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn call<M: Method>(&self, request: M::Request) -> Call<M> {
        Call::new(self, Ok(request))
    }

    pub(crate) fn encoding(&self) -> Encoding {
        self.0.transport.encoding()
    }

    /// Sends a call until it has an answer, its time is over, or another attempt would be wrong.
    pub(crate) async fn send(
        &self,
        names: &'static Names,
        body: Bytes,
        repeatable: bool,
        timeout: Option<Duration>,
    ) -> Result<Bytes, Error> {
        let core = &*self.0;
        let limit = timeout.unwrap_or(core.timeout);
        let deadline = deadline(limit);
        // Whether an earlier attempt may have been carried out.
        let mut unknown = false;
        let mut last: Option<Error> = None;
        loop {
            let progress = Progress::default();
            let attempt = async {
                let round = core.gate.pass().await;
                let attempt = Attempt {
                    names,
                    body: body.clone(),
                    progress: progress.clone(),
                };
                (round, core.transport.carry(attempt).await)
            };
            let error = match tokio::time::timeout_at(deadline, attempt).await {
                Ok((_, Ok(answer))) => {
                    core.gate.open();
                    return Ok(answer);
                }
                Ok((round, Err(error))) => {
                    if matches!(error.kind(), ErrorKind::NotConnected | ErrorKind::Lost) {
                        if let Some(wait) = core.gate.close(round) {
                            tracing::debug!(target: "centrifugo", %error, ?wait, "calls of the server API wait before the next attempt");
                        }
                    } else {
                        core.gate.open();
                    }
                    unknown |=
                        error.kind() == ErrorKind::Lost && error.delivery() == super::Delivery::Unknown;
                    if error.is_worth_another(repeatable) {
                        last = Some(error);
                        continue;
                    }
                    error
                }
                Err(_) => {
                    let sent = !progress.give_up();
                    match last {
                        // Why it could not be sent says more than that the time is over.
                        Some(error) if !sent => error,
                        _ => Error::timed_out(sent, format!("no answer within {limit:?}")),
                    }
                }
            };
            let error = if unknown { error.after_unknown() } else { error };
            return Err(error.of(names.name));
        }
    }
}

/// Shows where calls go, and no credentials.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({:?})", self.0.transport)
    }
}

/// A limit past all clocks is none.
fn deadline(limit: Duration) -> Instant {
    const YEARS: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
    Instant::now() + limit.min(YEARS)
}
