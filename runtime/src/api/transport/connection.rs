//! The HTTP/2 connection of the gRPC API: made at the first call, in that call's runtime, and anew when it is lost.

use std::error::Error as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::sync::OnceCell;
use tokio::time::timeout;
use tonic::body::Body;
use tower_service::Service;

use super::connector::{Version, connector};
use crate::api::error::Error;
use crate::api::settings::Settings;
use crate::error::BoxError;

pub(super) struct Connections {
    connector: HttpsConnector<HttpConnector>,
    uri: Uri,
    limit: Duration,
    current: Mutex<Connection>,
}

#[derive(Clone, Default)]
struct Connection {
    round: u64,
    sender: Arc<OnceCell<SendRequest<Body>>>,
}

impl Connections {
    pub(super) fn new(settings: &Settings, uri: Uri) -> Result<Self, Error> {
        Ok(Self {
            connector: connector(settings, Version::Http2, uri.scheme_str() == Some("https"))?,
            uri,
            limit: settings.timeout,
            current: Mutex::default(),
        })
    }

    pub(super) fn origin(&self) -> Uri {
        self.uri.clone()
    }

    /// The connection, with its number.
    pub(super) async fn get(&self) -> Result<(u64, Sender), BoxError> {
        let Connection { round, sender } = self.current().clone();
        if sender.get().is_some_and(SendRequest::is_closed) {
            self.forget(round);
        }
        let Connection { round, sender } = self.current().clone();
        let sender = sender.get_or_try_init(|| self.connect()).await?;
        Ok((round, Sender(sender.clone())))
    }

    /// Makes a new connection for the next call, unless that has been done since.
    pub(super) fn forget(&self, round: u64) {
        let mut current = self.current();
        if current.round == round {
            *current = Connection {
                round: round + 1,
                sender: Arc::default(),
            };
        }
    }

    fn current(&self) -> MutexGuard<'_, Connection> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn connect(&self) -> Result<SendRequest<Body>, BoxError> {
        let mut connector = self.connector.clone();
        let connecting = async {
            let stream = connector.call(self.uri.clone()).await?;
            let opened = Builder::new(TokioExecutor::new())
                .timer(TokioTimer::new())
                .handshake(stream)
                .await?;
            Ok::<_, BoxError>(opened)
        };
        let (sender, connection) = timeout(self.limit, connecting)
            .await
            .map_err(|_| "it took too long to connect")??;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                let cause = error.source();
                tracing::debug!(target: "centrifugo", %error, cause, "the connection to the gRPC API broke");
            }
        });
        Ok(sender)
    }
}

/// Sends calls over a connection.
pub(super) struct Sender(SendRequest<Body>);

impl Service<Request<Body>> for Sender {
    type Response = Response<Incoming>;
    type Error = hyper::Error;
    type Future = Pin<Box<dyn Future<Output = hyper::Result<Response<Incoming>>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<hyper::Result<()>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(self.0.send_request(request))
    }
}
