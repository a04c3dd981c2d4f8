//! Serves one connection of an endpoint, from the TLS handshake to its end.

use std::convert::Infallible;
use std::future::{Future as _, poll_fn};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::Watcher;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tower_service::Service;

use super::connection_limit::ConnectionPermit;
use super::peer::Peer;
use super::peer_log;
use super::peer_stream::{HANDSHAKE_TIMEOUT, PeerStream};
use super::tls::TlsAcceptor;
use crate::endpoint::executor::CallBatcher;
use crate::error::BoxError;
use crate::metrics::{OpenConnection, tls_handshake_failed};

/// An accepted connection.
pub(super) struct Connection {
    pub(super) builder: Builder<CallBatcher>,
    pub(super) call_batcher: CallBatcher,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) stop: watch::Receiver<bool>,
    pub(super) watcher: Watcher,
    pub(super) permit: ConnectionPermit,
    pub(super) peer: Arc<Peer>,
    pub(super) address: SocketAddr,
    /// `grpc` or `http`, for the metrics.
    pub(super) transport: &'static str,
}

impl Connection {
    /// Serves the connection until it ends.
    pub(super) async fn serve<S, B>(mut self, stream: TcpStream, service: S)
    where
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send + 'static,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let _ = stream.set_nodelay(true);
        let _open = OpenConnection::new(self.transport);
        let Some(tls) = self.tls.take() else {
            return self.serve_http(stream, service).await;
        };
        let handshake = tokio::select! {
            biased;
            _ = self.stop.wait_for(|stop| *stop) => return,
            handshake = timeout(HANDSHAKE_TIMEOUT, tls.accept(stream)) => handshake,
            () = self.peer.closed() => return peer_log::closed_for_others(self.address),
        };
        match handshake {
            Ok(Ok(stream)) => self.serve_http(stream, service).await,
            // A port scan or a TCP health check closes the connection without a handshake.
            Ok(Err(error)) if error.kind() == ErrorKind::UnexpectedEof => {}
            Ok(Err(error)) => {
                tls_handshake_failed(self.transport);
                peer_log::tls_failed(self.address, &error);
            }
            Err(_) => {
                tls_handshake_failed(self.transport);
                peer_log::tls_timed_out(self.address);
            }
        }
    }

    async fn serve_http<S, B>(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, service: S)
    where
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send + 'static,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let _permit = self.permit;
        let (peer, address) = (self.peer, self.address);
        let stream = PeerStream::new(stream, peer.clone(), self.stop);
        let connection = self
            .builder
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let mut connection = Box::pin(self.watcher.watch(connection.into_owned()));
        let mut closed = Box::pin({
            let peer = peer.clone();
            async move { peer.closed().await }
        });
        let polls = poll_fn(move |cx| {
            peer.begin_poll();
            // The connection is polled first, since its call may have arrived in the meantime.
            match connection.as_mut().poll(cx) {
                Poll::Pending if !peer.is_admitted() && closed.as_mut().poll(cx).is_ready() => {
                    peer_log::closed_for_others(address);
                    Poll::Ready(Err(BoxError::from(
                        "too many connections without an admitted call",
                    )))
                }
                Poll::Pending if peer.must_disconnect() => {
                    Poll::Ready(Err(BoxError::from("all calls of the connection were refused")))
                }
                polled => polled,
            }
        });
        let connection = async move {
            if let Err(error) = polls.await {
                tracing::debug!(target: "centrifugo", error, "connection failed");
            }
        };
        self.call_batcher.drive(Box::pin(connection)).await;
    }
}
