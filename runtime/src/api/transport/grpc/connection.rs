//! The HTTP/2 connection of the gRPC API.
//!
//! The first call opens it in its runtime. It is replaced when it is lost, silent, or has many cancelled calls.

use std::error::Error as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Uri;
use hyper::client::conn::http2::{self, Builder, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tonic::body::Body;

use super::sender::Sender;
use crate::api::error::Error;
use crate::api::error_text::chain;
use crate::api::transport::connection_activity::{ConnectionActivity, RecordingStream, SilenceTracker};
use crate::api::transport::connector::{Connector, ConnectorStream, HttpVersion};
use crate::api::transport::settings::TransportSettings;
use crate::error::BoxError;
use crate::metrics::OpenApiConnection;

/// The number of cancelled calls after which the next call opens another connection. h2 may keep some memory for each of
/// them, and so may a peer that does not read.
const MAX_GIVEN_UP: usize = 1000;

pub(super) struct Connections {
    opener: Opener,
    current: Mutex<Option<Opening>>,
}

#[derive(Clone)]
struct Opener {
    connector: Connector,
    uri: Uri,
    limit: Duration,
    silence: Arc<SilenceTracker>,
}

/// Nothing while the connection is being opened, then the connection or the error.
type Opening = watch::Receiver<Option<Result<Arc<Connection>, String>>>;

type Http2 = http2::Connection<RecordingStream<ConnectorStream>, Body, TokioExecutor>;

/// An open connection. It is closed when it was replaced and its last call has ended.
pub(super) struct Connection {
    sender: SendRequest<Body>,
    activity: Arc<ConnectionActivity>,
    given_up: AtomicUsize,
    driver: JoinHandle<()>,
}

/// A call on a connection.
pub(super) struct Lease {
    connection: Arc<Connection>,
    has_ended: bool,
}

impl Connections {
    pub(super) fn new(settings: &TransportSettings, uri: Uri) -> Result<Self, Error> {
        Ok(Self {
            opener: Opener {
                connector: Connector::new(settings, HttpVersion::Http2, uri.scheme_str() == Some("https"))?,
                uri,
                limit: settings.timeout,
                silence: Arc::default(),
            },
            current: Mutex::default(),
        })
    }

    pub(super) fn origin(&self) -> Uri {
        self.opener.uri.clone()
    }

    /// Returns a usable connection, and opens one if there is none.
    ///
    /// # Errors
    ///
    /// If the connection cannot be opened. Later calls try again.
    pub(super) async fn get(&self) -> Result<Lease, String> {
        let mut opening = self.usable_or_new();
        let ended = || "the runtime ended that made the connection".to_owned();
        let outcome = opening
            .wait_for(Option::is_some)
            .await
            .map_err(|_| ended())?
            .clone();
        let connection = outcome.unwrap_or_else(|| Err(ended()))?;
        Ok(Lease {
            connection,
            has_ended: false,
        })
    }

    fn usable_or_new(&self) -> Opening {
        let mut current = self.current();
        if let Some(opening) = &*current {
            let is_usable = match &*opening.borrow() {
                Some(Ok(connection)) => connection.is_usable(),
                Some(Err(_)) => false,
                // The task that opens it may have ended with its runtime.
                None => opening.has_changed().is_ok(),
            };
            if is_usable {
                return opening.clone();
            }
        }
        current.insert(self.opener.clone().start()).clone()
    }

    fn current(&self) -> MutexGuard<'_, Option<Opening>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    fn is_usable(&self) -> bool {
        !self.sender.is_closed()
            && !self.activity.is_silent()
            && self.given_up.load(Ordering::Relaxed) < MAX_GIVEN_UP
    }
}

impl Drop for Connection {
    /// Closes the connection at once, and discards the requests that a peer did not read.
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Lease {
    pub(super) fn sender(&self) -> Sender {
        Sender(self.connection.sender.clone())
    }

    pub(super) fn activity(&self) -> &Arc<ConnectionActivity> {
        &self.connection.activity
    }

    /// Notes that the call was not cancelled.
    pub(super) fn end(mut self) {
        self.has_ended = true;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.has_ended {
            self.connection.given_up.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Opener {
    /// Opens a connection in a task, so that it outlives the cancellation of the call that started it.
    fn start(self) -> Opening {
        let (outcome, opening) = watch::channel(None);
        tokio::spawn(async move {
            let opened = match timeout(self.limit, self.open()).await {
                Ok(Ok(connection)) => Ok(Arc::new(connection)),
                Ok(Err(error)) => Err(chain(&*error)),
                Err(_) => Err("it took too long to connect".to_owned()),
            };
            outcome.send_replace(Some(opened));
        });
        opening
    }

    async fn open(&self) -> Result<Connection, BoxError> {
        let stream = self.connector.connect(self.uri.clone()).await?;
        let activity = ConnectionActivity::new(&self.silence);
        let (sender, http2) = Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .handshake(RecordingStream::new(stream, activity.clone()))
            .await?;
        Ok(Connection {
            sender,
            activity,
            given_up: AtomicUsize::new(0),
            driver: tokio::spawn(drive(http2, OpenApiConnection::new("grpc"))),
        })
    }
}

async fn drive(http2: Http2, _open: OpenApiConnection) {
    if let Err(error) = http2.await {
        let cause = error.source();
        tracing::debug!(target: "centrifugo", %error, cause, "connection to the gRPC API broke");
    }
}
