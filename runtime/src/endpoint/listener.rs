//! The sockets of the endpoints: bound, then accepting, then closed gracefully.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper_util::rt::TokioTimer;
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

use super::bound_socket::BoundSocket;
use super::connection::Connection;
use super::connection_limit::ConnectionLimit;
use super::header_limits::set_header_limits;
use super::peer::ForPeer;
use super::peer_address::WithPeer;
use super::peer_stream::HANDSHAKE_LIMIT;
use super::refusals;
use crate::endpoint::executor::Batches;
use crate::error::BoxError;

/// The interval of a timer that always ends before [`HANDSHAKE_LIMIT`]. Each HTTP/1 request starts a timer of that length, and
/// tokio wakes the thread that waits for sockets whenever a new timer is the next to end.
const WAKE_UP_INTERVAL: Duration = Duration::from_secs(10);
/// The interval of HTTP/2 pings on an idle connection.
const PING_INTERVAL: Duration = Duration::from_secs(60);
/// How long the answer to a ping may take.
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// The highest number of concurrent calls on an HTTP/2 connection. Centrifugo uses one connection for all its events, so
/// other calls need room beside 10,000 open streams.
const MAX_STREAMS: u32 = 12_000;

/// A bound socket. The kernel refuses connections to it until [`BoundListener::listen`] is called.
pub(crate) struct BoundListener {
    socket: BoundSocket,
    settings: ListenerSettings,
}

pub(crate) struct ListenerSettings {
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) stop: watch::Receiver<bool>,
    pub(crate) http2_only: bool,
    pub(crate) limit: ConnectionLimit,
}

impl BoundListener {
    pub(crate) fn bind(addresses: &[SocketAddr], settings: ListenerSettings) -> std::io::Result<Self> {
        Ok(Self {
            socket: BoundSocket::bind(addresses)?,
            settings,
        })
    }

    pub(crate) fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Begins to accept connections. They wait in the kernel until they are served.
    pub(crate) fn listen(self) -> std::io::Result<Listener> {
        Ok(Listener {
            listener: self.socket.listen()?,
            settings: self.settings,
        })
    }
}

/// A socket that accepts connections.
pub(crate) struct Listener {
    listener: TcpListener,
    settings: ListenerSettings,
}

impl Listener {
    fn builder(&self, batches: &Batches) -> Builder<Batches> {
        let mut builder = Builder::new(batches.clone());
        if self.settings.http2_only {
            builder = builder.http2_only();
        }
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(HANDSHAKE_LIMIT);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_INTERVAL)
            .keep_alive_timeout(PING_TIMEOUT)
            .max_concurrent_streams(MAX_STREAMS);
        set_header_limits(&mut builder);
        builder
    }

    /// Accepts connections until the program stops, then waits until each open connection has its responses.
    pub(crate) async fn serve<S, B>(mut self, service: S, batches: &Batches)
    where
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>
            + Clone
            + ForPeer
            + Send
            + 'static,
        S::Future: Send + 'static,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let builder = self.builder(batches);
        let graceful = GracefulShutdown::new();
        let mut wake_up = tokio::time::interval(WAKE_UP_INTERVAL);
        let settings = &mut self.settings;
        loop {
            let accepted = tokio::select! {
                biased;
                _ = settings.stop.wait_for(|stop| *stop) => break,
                _ = wake_up.tick() => continue,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, address)) => {
                    let Some(permit) = settings.limit.take() else {
                        refusals::too_many_connections(address, settings.limit.max());
                        continue;
                    };
                    let connection = Connection {
                        builder: builder.clone(),
                        batches: batches.clone(),
                        tls: settings.tls.clone(),
                        stop: settings.stop.clone(),
                        watcher: graceful.watcher(),
                        permit,
                        peer: Arc::default(),
                        address,
                    };
                    let service = WithPeer::new(service.for_peer(&connection.peer), address);
                    tokio::spawn(connection.serve(stream, service));
                }
                Err(error) => {
                    // The process has no free file descriptor, or the peer has closed the connection already. Further
                    // connections may succeed.
                    refusals::accept_failed(&error);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
        drop(self.listener);
        graceful.shutdown().await;
    }
}
