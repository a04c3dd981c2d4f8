//! Connections: taken, served, and ended gracefully.

use std::convert::Infallible;
use std::future::{Future as _, poll_fn};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

use super::bound_socket::BoundSocket;
use super::connection_limit::{ConnectionLimit, ConnectionPermit};
use super::fair_reads::FairReads;
use super::header_limits::set_header_limits;
use super::peer::{ForPeer, Peer};
use super::peer_address::WithPeer;
use super::preface_timeout::PrefaceTimeout;
use super::refusals;
use crate::endpoint::executor::Batches;
use crate::error::BoxError;

/// How long a peer may take to say what it speaks, a TLS handshake, or the headers of an HTTP/1 request.
pub(crate) const OPENING_LIMIT: Duration = Duration::from_secs(30);
/// A timer that always ends before `OPENING_LIMIT`. Each request over HTTP/1 starts one of those, and tokio wakes up whoever
/// waits for sockets when a timer is to end before all others.
const PULSE: Duration = Duration::from_secs(10);
/// How often an idle HTTP/2 connection is asked whether it still lives, and how long it may take to say so.
const PING: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(20));
/// Calls at once on a connection of HTTP/2. Centrifugo holds one connection for all its events: 10,000 open streams leave room for
/// others beside them.
const MAX_STREAMS: u32 = 12_000;

/// An address of the program. Connections to it are refused until the program is ready: see [`Door::listen`].
pub(crate) struct Door {
    socket: BoundSocket,
    settings: DoorSettings,
}

pub(crate) struct DoorSettings {
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) stop: watch::Receiver<bool>,
    pub(crate) http2_only: bool,
    pub(crate) limit: ConnectionLimit,
}

impl Door {
    pub(crate) fn bind(addresses: &[SocketAddr], settings: DoorSettings) -> std::io::Result<Self> {
        Ok(Self {
            socket: BoundSocket::bind(addresses)?,
            settings,
        })
    }

    pub(crate) fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Begins to accept connections. They wait in the kernel until they are served.
    pub(crate) fn listen(self) -> std::io::Result<OpenDoor> {
        Ok(OpenDoor {
            listener: self.socket.listen()?,
            settings: self.settings,
        })
    }
}

/// A place where connections come in.
pub(crate) struct OpenDoor {
    listener: TcpListener,
    settings: DoorSettings,
}

impl OpenDoor {
    fn builder(&self, batches: &Batches) -> Builder<Batches> {
        let mut builder = Builder::new(batches.clone());
        if self.settings.http2_only {
            builder = builder.http2_only();
        }
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(OPENING_LIMIT)
            // One buffer for headers and body: responses are short, and `writev` costs more than the copy.
            .writev(false);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(PING.0)
            .keep_alive_timeout(PING.1)
            .max_concurrent_streams(MAX_STREAMS);
        set_header_limits(&mut builder);
        builder
    }

    /// Serves until it is told to stop, then until every connection has had its answers.
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
        let mut pulse = tokio::time::interval(PULSE);
        let settings = &mut self.settings;
        loop {
            let accepted = tokio::select! {
                biased;
                _ = settings.stop.wait_for(|stop| *stop) => break,
                _ = pulse.tick() => continue,
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
                    // Out of descriptors, or a connection that is gone already: others may fare better.
                    refusals::accept_failed(&error);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
        drop(self.listener);
        graceful.shutdown().await;
    }
}

struct Connection {
    builder: Builder<Batches>,
    batches: Batches,
    tls: Option<TlsAcceptor>,
    stop: watch::Receiver<bool>,
    watcher: Watcher,
    permit: ConnectionPermit,
    peer: Arc<Peer>,
    address: SocketAddr,
}

impl Connection {
    async fn serve<S, B>(mut self, stream: TcpStream, service: S)
    where
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send + 'static,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let _ = stream.set_nodelay(true);
        let Some(tls) = self.tls.take() else {
            return self.talk(stream, service).await;
        };
        let opened = tokio::select! {
            biased;
            _ = self.stop.wait_for(|stop| *stop) => return,
            opened = timeout(OPENING_LIMIT, tls.accept(stream)) => opened,
        };
        match opened {
            Ok(Ok(stream)) => self.talk(stream, service).await,
            // A probe of the port, which says nothing at all.
            Ok(Err(error)) if error.kind() == ErrorKind::UnexpectedEof => {}
            Ok(Err(error)) => refusals::tls_failed(self.address, &error),
            Err(_) => refusals::tls_timed_out(self.address),
        }
    }

    async fn talk<S, B>(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, service: S)
    where
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send + 'static,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let _permit = self.permit;
        let peer = self.peer;
        let stream = FairReads::new(PrefaceTimeout::new(stream, self.stop), peer.clone());
        let connection = self
            .builder
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let mut connection = Box::pin(self.watcher.watch(connection.into_owned()));
        let turns = poll_fn(move |cx| {
            peer.begin_turn();
            match connection.as_mut().poll(cx) {
                Poll::Pending if peer.is_unwelcome() => {
                    Poll::Ready(Err(BoxError::from("all its calls were refused")))
                }
                polled => polled,
            }
        });
        let connection = async move {
            if let Err(error) = turns.await {
                tracing::debug!(target: "centrifugo", error, "a connection broke");
            }
        };
        self.batches.drive(Box::pin(connection)).await;
    }
}
