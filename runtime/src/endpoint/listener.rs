//! The listening sockets of the endpoints: they are bound, accept connections, and shut down gracefully.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::rt::TokioTimer;
use hyper_util::server::conn::auto::Builder;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use super::bound_socket::BoundSocket;
use super::connection::Connection;
use super::connection_limit::ConnectionLimit;
use super::header_limits::set_header_limits;
use super::peer::{ForPeer, Peer};
use super::peer_log;
use super::tls::TlsAcceptor;
use crate::endpoint::executor::CallBatcher;
use crate::error::BoxError;
use crate::metrics::OpenConnection;

/// The interval of HTTP/2 pings on an idle connection.
const PING_INTERVAL: Duration = Duration::from_secs(60);
/// How long the response to a ping may take.
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// The most concurrent calls on one HTTP/2 connection. Centrifugo sends all events over one connection, so there must be room
/// for unary calls beside 10,000 open streams.
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

    /// Starts to accept connections. They wait in the kernel's queue until [`Listener::serve`] is called.
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
    fn builder(&self, call_batcher: &CallBatcher) -> Builder<CallBatcher> {
        let mut builder = Builder::new(call_batcher.clone());
        if self.settings.http2_only {
            builder = builder.http2_only();
        }
        builder
            .http1()
            // One buffer for headers and body: responses are short, and `writev` costs more than the copy.
            .writev(false);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_INTERVAL)
            .keep_alive_timeout(PING_TIMEOUT)
            .max_concurrent_streams(MAX_STREAMS);
        set_header_limits(&mut builder);
        builder
    }

    /// Accepts connections until the program stops. Then waits until each open connection has sent its responses.
    pub(crate) async fn serve<S, B>(mut self, service: S, call_batcher: &CallBatcher)
    where
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + ForPeer + Send + 'static,
        S::Future: Send + 'static,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let builder = self.builder(call_batcher);
        // Each connection has a sender until it ends.
        let (open, mut closed) = mpsc::channel(1);
        let settings = &mut self.settings;
        // Only the gRPC endpoint accepts HTTP/2 alone.
        let transport = if settings.http2_only { "grpc" } else { "http" };
        loop {
            let accepted = tokio::select! {
                biased;
                _ = settings.stop.wait_for(|stop| *stop) => break,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, address)) => {
                    let Some(permit) = settings.limit.try_acquire() else {
                        peer_log::too_many_connections(address, settings.limit.max());
                        continue;
                    };
                    let peer = Arc::new(Peer::new(address));
                    tokio::select! {
                        biased;
                        _ = settings.stop.wait_for(|stop| *stop) => break,
                        () = settings.limit.unadmitted().add(&peer) => {}
                    }
                    let connection = Connection {
                        builder: builder.clone(),
                        call_batcher: call_batcher.clone(),
                        tls: settings.tls.clone(),
                        stop: settings.stop.clone(),
                        open: (permit, OpenConnection::new(transport), open.clone()),
                        peer,
                        address,
                        transport,
                    };
                    let service = service.for_peer(&connection.peer);
                    tokio::spawn(connection.serve(stream, service));
                }
                Err(error) => {
                    // The process has no free file descriptor, or the peer has already closed the connection. The next
                    // `accept` may succeed.
                    peer_log::accept_failed(&error);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
        drop(self.listener);
        drop(open);
        closed.recv().await;
    }
}
