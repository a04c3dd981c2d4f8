//! RoadRunner's RPC as a transport.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::watch;

use super::connection::Connection;
use crate::api::error::Error;
use crate::api::error_text::chain;
use crate::api::transport::connection_activity::SilenceTracker;
use crate::api::transport::settings::TransportSettings;
use crate::api::transport::transport::{Attempt, Transport};
use crate::goridge::RpcAddress;

pub(crate) struct RoadRunnerTransport(Arc<Inner>);

struct Inner {
    address: RpcAddress,
    timeout: Duration,
    max_answer_len: usize,
    making: Mutex<Option<Making>>,
    silence: Arc<SilenceTracker>,
}

/// Nothing while the connection is being opened, then the connection or the error.
type Making = watch::Receiver<Option<Result<Arc<Connection>, Error>>>;

impl RoadRunnerTransport {
    pub(crate) fn new(settings: &TransportSettings) -> Result<Self, Error> {
        let address = settings.address.parse().map_err(Error::invalid)?;
        Ok(Self(Arc::new(Inner {
            address,
            timeout: settings.timeout,
            max_answer_len: settings.max_answer_len,
            making: Mutex::default(),
            silence: Arc::default(),
        })))
    }
}

impl fmt::Debug for RoadRunnerTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RoadRunner at {}", self.0.address)
    }
}

impl Transport for RoadRunnerTransport {
    fn name(&self) -> &'static str {
        "roadrunner"
    }

    fn carry(&self, attempt: Attempt) -> BoxFuture<'static, Result<Bytes, Error>> {
        let inner = self.0.clone();
        Box::pin(async move {
            let Some(method) = attempt.names.roadrunner else {
                return Err(Error::unsupported(format!(
                    "RoadRunner does not offer `{}`: call Centrifugo itself, by WORKER_API",
                    attempt.names.name
                )));
            };
            let connection = inner.connection().await?;
            connection
                .call(method, attempt.body, attempt.progress, attempt.permit)
                .await
        })
    }
}

impl Inner {
    /// Returns a usable connection, and opens one if there is none.
    ///
    /// A task opens it, so that it outlives the cancellation of the call that started it.
    async fn connection(&self) -> Result<Arc<Connection>, Error> {
        let mut making = {
            let mut slot = self.making.lock().unwrap_or_else(PoisonError::into_inner);
            match slot.as_ref().filter(|making| is_usable(making)) {
                Some(making) => making.clone(),
                None => slot.insert(self.make()).clone(),
            }
        };
        let made = making.wait_for(Option::is_some).await;
        match made.ok().and_then(|made| made.clone()) {
            Some(made) => made,
            None => Err(Error::not_connected(
                "the runtime that connected to RoadRunner has ended",
            )),
        }
    }

    fn make(&self) -> Making {
        let (give, making) = watch::channel(None);
        let (address, limit, max_answer_len) = (self.address.clone(), self.timeout, self.max_answer_len);
        let silence = self.silence.clone();
        tokio::spawn(async move {
            let made = match tokio::time::timeout(limit, connect(&address, max_answer_len, &silence)).await {
                Ok(Ok(connection)) => Ok(Arc::new(connection)),
                Ok(Err(error)) => Err(chain(&error)),
                Err(_) => Err(format!("not within {limit:?}")),
            };
            let made = made.map_err(|why| {
                Error::not_connected(format!("no connection to RoadRunner at {address}: {why}"))
            });
            if made.is_ok() {
                tracing::debug!(target: "centrifugo", %address, "connected to RoadRunner's RPC");
            }
            give.send_replace(Some(made));
        });
        making
    }
}

/// Returns whether there is a connection, or one is being opened.
fn is_usable(making: &Making) -> bool {
    match &*making.borrow() {
        None => making.has_changed().is_ok(),
        Some(Ok(connection)) => connection.is_usable(),
        Some(Err(_)) => false,
    }
}

async fn connect(
    address: &RpcAddress,
    max_answer_len: usize,
    silence: &Arc<SilenceTracker>,
) -> std::io::Result<Connection> {
    let place = address.to_string();
    match address {
        RpcAddress::Tcp(address) => {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let (source, sink) = stream.into_split();
            Ok(Connection::open(source, sink, place, max_answer_len, silence))
        }
        RpcAddress::Unix(path) => {
            let (source, sink) = UnixStream::connect(path).await?.into_split();
            Ok(Connection::open(source, sink, place, max_answer_len, silence))
        }
    }
}
