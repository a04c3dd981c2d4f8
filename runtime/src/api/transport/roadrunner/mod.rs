//! RoadRunner's RPC: its `centrifuge` plugin passes calls on to Centrifugo's gRPC API.

mod codec;
mod connection;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::Mutex;

use super::{Attempt, Transport};
use crate::api::error::{Error, chain};
use crate::state::BoxFuture;
use connection::Connection;

pub(crate) struct RoadRunner(Arc<Inner>);

struct Inner {
    address: Address,
    max_answer_len: usize,
    connection: Mutex<Option<Connection>>,
}

#[derive(Clone, Debug)]
enum Address {
    Tcp(String),
    Unix(PathBuf),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "tcp://{address}"),
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
        }
    }
}

impl RoadRunner {
    pub(crate) fn new(address: &str, max_answer_len: usize) -> Result<Self, Error> {
        let address = match address.split_once("://") {
            Some(("tcp", address))
                if address
                    .rsplit_once(':')
                    .is_some_and(|(_, port)| port.parse::<u16>().is_ok()) =>
            {
                Address::Tcp(address.to_owned())
            }
            Some(("unix", path)) if !path.is_empty() => Address::Unix(path.into()),
            _ => {
                return Err(Error::invalid(
                    "the address of RoadRunner's RPC (RR_RPC) is not one such as `tcp://127.0.0.1:6001` or `unix:///run/rr.sock`",
                ));
            }
        };
        Ok(Self(Arc::new(Inner {
            address,
            max_answer_len,
            connection: Mutex::default(),
        })))
    }
}

impl fmt::Debug for RoadRunner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RoadRunner at {}", self.0.address)
    }
}

impl Transport for RoadRunner {
    fn carry(&self, attempt: Attempt) -> BoxFuture<Result<Bytes, Error>> {
        let inner = self.0.clone();
        Box::pin(async move {
            let Some(method) = attempt.names.roadrunner else {
                return Err(Error::unsupported(format!(
                    "RoadRunner does not offer `{}`: call Centrifugo itself, by WORKER_API",
                    attempt.names.name
                )));
            };
            let connection = inner.connection().await?;
            connection.call(method, attempt.body, attempt.progress).await
        })
    }
}

impl Inner {
    /// The connection, made when there is none.
    async fn connection(&self) -> Result<Connection, Error> {
        let mut slot = self.connection.lock().await;
        if let Some(connection) = slot.as_ref().filter(|connection| connection.is_open()) {
            return Ok(connection.clone());
        }
        *slot = None;
        let connection = self.connect().await.map_err(|error| {
            Error::not_connected(format!(
                "no connection to RoadRunner at {}: {}",
                self.address,
                chain(&error)
            ))
        })?;
        tracing::debug!(target: "centrifugo", address = %self.address, "connected to RoadRunner's RPC");
        Ok(slot.insert(connection).clone())
    }

    async fn connect(&self) -> std::io::Result<Connection> {
        let place = self.address.to_string();
        match &self.address {
            Address::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                let (source, sink) = stream.into_split();
                Ok(Connection::open(source, sink, place, self.max_answer_len))
            }
            Address::Unix(path) => {
                let (source, sink) = UnixStream::connect(path).await?.into_split();
                Ok(Connection::open(source, sink, place, self.max_answer_len))
            }
        }
    }
}
