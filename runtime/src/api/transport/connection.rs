//! The HTTP/2 connection of the gRPC API: made at the first call, in that call's runtime, and anew when it is lost.

use std::error::Error as _;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper::client::conn::http2::{self, Builder, SendRequest};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tonic::body::Body;
use tower_service::Service;

use super::connector::{Version, connector};
use crate::api::error::{Error, chain};
use crate::api::settings::Settings;
use crate::error::BoxError;

pub(super) struct Connections {
    opener: Opener,
    current: Mutex<Connection>,
}

#[derive(Clone)]
struct Opener {
    connector: HttpsConnector<HttpConnector>,
    uri: Uri,
    limit: Duration,
}

#[derive(Default)]
struct Connection {
    round: u64,
    opened: Option<Opened>,
}

/// Nothing while the connection is being made, then the connection or why there is none.
type Opened = watch::Receiver<Option<Result<SendRequest<Body>, String>>>;

type Http2 = http2::Connection<MaybeHttpsStream<TokioIo<TcpStream>>, Body, TokioExecutor>;

impl Connections {
    pub(super) fn new(settings: &Settings, uri: Uri) -> Result<Self, Error> {
        Ok(Self {
            opener: Opener {
                connector: connector(settings, Version::Http2, uri.scheme_str() == Some("https"))?,
                uri,
                limit: settings.timeout,
            },
            current: Mutex::default(),
        })
    }

    pub(super) fn origin(&self) -> Uri {
        self.opener.uri.clone()
    }

    /// The connection, with its number. Whoever waits for one that can't be made is told so; later calls try again.
    pub(super) async fn get(&self) -> Result<(u64, Sender), String> {
        let (round, mut opened) = match self.ready_or_opening() {
            Ok(ready) => return Ok(ready),
            Err(opening) => opening,
        };
        let ended = || "the runtime ended that made the connection".to_owned();
        let outcome = opened
            .wait_for(Option::is_some)
            .await
            .map_err(|_| ended())?
            .clone();
        let sender = outcome.unwrap_or_else(|| Err(ended()))?;
        Ok((round, Sender(sender)))
    }

    /// Makes a new connection for the next call, unless that has been done since.
    pub(super) fn forget(&self, round: u64) {
        let mut current = self.current();
        if current.round == round {
            current.opened = None;
        }
    }

    fn ready_or_opening(&self) -> Result<(u64, Sender), (u64, Opened)> {
        let mut current = self.current();
        if let Some(opened) = &current.opened {
            match &*opened.borrow() {
                Some(Ok(sender)) if !sender.is_closed() => {
                    return Ok((current.round, Sender(sender.clone())));
                }
                None if opened.has_changed().is_ok() => return Err((current.round, opened.clone())),
                _ => {}
            }
        }
        let opened = self.opener.clone().start();
        current.round += 1;
        current.opened = Some(opened.clone());
        Err((current.round, opened))
    }

    fn current(&self) -> MutexGuard<'_, Connection> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Opener {
    /// A task of its own: calls that are given up meanwhile leave the connection to those that follow.
    fn start(self) -> Opened {
        let (outcome, opened) = watch::channel(None);
        tokio::spawn(async move {
            let limit = self.limit;
            match timeout(limit, self.open()).await {
                Ok(Ok((sender, connection))) => {
                    outcome.send_replace(Some(Ok(sender)));
                    // It holds a sender, and the connection ends when the last of them is gone.
                    drop(outcome);
                    drive(connection).await;
                }
                Ok(Err(error)) => _ = outcome.send_replace(Some(Err(chain(&*error)))),
                Err(_) => _ = outcome.send_replace(Some(Err("it took too long to connect".to_owned()))),
            }
        });
        opened
    }

    async fn open(mut self) -> Result<(SendRequest<Body>, Http2), BoxError> {
        let stream = self.connector.call(self.uri).await?;
        let opened = Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .handshake(stream)
            .await?;
        Ok(opened)
    }
}

async fn drive(connection: Http2) {
    if let Err(error) = connection.await {
        let cause = error.source();
        tracing::debug!(target: "centrifugo", %error, cause, "the connection to the gRPC API broke");
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
