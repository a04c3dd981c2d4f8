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
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::connection_limit::ConnectionPermit;
use super::connection_signals::{ConnectionSignal, ConnectionSignals};
use super::peer::{HANDSHAKE_TIMEOUT, Peer};
use super::peer_log;
use super::peer_stream::PeerStream;
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
    /// Dropped when the connection has ended.
    pub(super) open: (ConnectionPermit, OpenConnection, mpsc::Sender<()>),
    pub(super) peer: Arc<Peer>,
    pub(super) address: SocketAddr,
    /// `grpc` or `http`, for the metrics.
    pub(super) transport: &'static str,
}

impl Connection {
    /// Serves the connection until it ends.
    pub(super) async fn serve<S, B>(mut self, stream: TcpStream, service: S)
    where
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
        S::Future: Send + 'static,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let _ = stream.set_nodelay(true);
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
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
        S::Future: Send + 'static,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        let (peer, address, open) = (self.peer, self.address, self.open);
        // Connections of the gRPC endpoint are pinged instead.
        let closes_if_idle = self.transport == "http";
        let mut signals = ConnectionSignals::new(self.stop.clone(), peer.clone(), closes_if_idle);
        let stream = PeerStream::new(stream, peer.clone(), self.stop);
        let connection = self.builder.serve_connection(TokioIo::new(stream), service);
        let mut connection = Box::pin(connection.into_owned());
        let polls = poll_fn(move |cx| {
            peer.begin_poll();
            loop {
                // The connection is polled first, since its call may have arrived in the meantime.
                let polled = connection.as_mut().poll(cx);
                if polled.is_ready() {
                    return polled;
                }
                if peer.must_disconnect() {
                    return Poll::Ready(Err(BoxError::from("all calls of the connection were refused")));
                }
                match signals.poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(ConnectionSignal::Stop) => connection.as_mut().graceful_shutdown(),
                    Poll::Ready(ConnectionSignal::MakeRoom) if peer.is_admitted() => {}
                    Poll::Ready(ConnectionSignal::MakeRoom) => {
                        peer_log::closed_for_others(address);
                        return Poll::Ready(Err(BoxError::from(
                            "too many connections without an admitted call",
                        )));
                    }
                    Poll::Ready(ConnectionSignal::Idle) => return Poll::Ready(Err(BoxError::from("idle"))),
                }
            }
        });
        let connection = async move {
            // Inside of this future, since another thread drives it if a handler blocks this one.
            let _open = open;
            if let Err(error) = polls.await {
                tracing::debug!(target: "centrifugo", error, "connection failed");
            }
        };
        self.call_batcher.drive(Box::pin(connection)).await;
    }
}

#[cfg(test)]
#[cfg(feature = "http")]
mod tests {
    use std::time::Duration;

    use http_body_util::Full;
    use hyper::service::service_fn;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::task::JoinHandle;
    use tokio::time::{Instant, sleep};

    use super::*;
    use crate::endpoint::ConnectionLimit;

    struct Served {
        theirs: DuplexStream,
        peer: Arc<Peer>,
        stop: watch::Sender<bool>,
        task: JoinHandle<()>,
    }

    impl Served {
        /// Serves a connection whose calls are all admitted, and take a second each.
        fn start() -> Self {
            let (ours, theirs) = duplex(1024);
            let (stop, peer) = (watch::Sender::new(false), Arc::<Peer>::default());
            let limit = ConnectionLimit::new(None);
            let call_batcher = CallBatcher::default();
            let connection = Connection {
                builder: Builder::new(call_batcher.clone()),
                call_batcher,
                tls: None,
                stop: stop.subscribe(),
                open: (
                    limit.try_acquire().unwrap(),
                    OpenConnection::new("http"),
                    mpsc::channel(1).0,
                ),
                peer: peer.clone(),
                address: ([127, 0, 0, 1], 1).into(),
                transport: "http",
            };
            let calls = peer.clone();
            let service = service_fn(move |_: Request<Incoming>| {
                let peer = calls.clone();
                async move {
                    let _call = peer.begin_call();
                    peer.admit();
                    sleep(Duration::from_secs(1)).await;
                    Ok(Response::new(Full::new(bytes::Bytes::from_static(b"done"))))
                }
            });
            Self {
                theirs,
                peer,
                stop,
                task: tokio::spawn(connection.serve_http(ours, service)),
            }
        }

        async fn send(&mut self, bytes: &[u8]) {
            self.theirs.write_all(bytes).await.unwrap();
        }

        async fn call(&mut self) {
            self.send(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
            let mut answer = Vec::new();
            while !answer.ends_with(b"done") {
                assert_ne!(self.theirs.read_buf(&mut answer).await.unwrap(), 0, "{answer:?}");
            }
        }

        /// Returns how long the connection stays open.
        async fn open_for(&mut self) -> u64 {
            let start = Instant::now();
            let mut rest = Vec::new();
            let _ = self.theirs.read_to_end(&mut rest).await;
            (&mut self.task).await.unwrap();
            start.elapsed().as_secs()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn closes_a_connection_whose_first_headers_do_not_end() {
        let mut served = Served::start();
        served.send(b"POST /centrifugo/rpc HTTP/1.1\r\nx-a: ").await;
        for _ in 0..29 {
            sleep(Duration::from_secs(1)).await;
            served.send(b"a").await;
        }
        assert_eq!(served.open_for().await, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn keeps_a_connection_between_calls_for_five_minutes_and_more() {
        let mut served = Served::start();
        for _ in 0..5 {
            served.call().await;
            sleep(Duration::from_secs(4 * 60)).await;
        }
        served.call().await;
        let seconds = served.open_for().await;
        assert!((300..=600).contains(&seconds), "{seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn ends_at_the_stop_after_the_call_that_is_under_way() {
        let mut served = Served::start();
        served.call().await;
        served.stop.send_replace(true);
        assert_eq!(served.open_for().await, 0);

        let mut served = Served::start();
        let stop = served.stop.clone();
        tokio::spawn(async move {
            sleep(Duration::from_millis(500)).await;
            stop.send_replace(true);
        });
        served.call().await;
        assert_eq!(served.open_for().await, 0);
    }

    /// A call is always under way here.
    #[cfg(feature = "api")]
    #[tokio::test(start_paused = true)]
    async fn takes_no_further_calls_over_http2_after_the_stop() {
        use hyper::client::conn::http2;
        use hyper_util::rt::TokioExecutor;

        let served = Served::start();
        let stream = TokioIo::new(served.theirs);
        let (sender, connection) = http2::handshake(TokioExecutor::new(), stream).await.unwrap();
        tokio::spawn(connection);
        let call = || {
            let mut sender = sender.clone();
            tokio::spawn(async move {
                let request = Request::get("http://a/").body(Full::<bytes::Bytes>::default());
                sender.send_request(request.unwrap()).await
            })
        };
        let first = call();
        sleep(Duration::from_millis(500)).await;
        let second = call();
        sleep(Duration::from_millis(100)).await;
        served.stop.send_replace(true);
        sleep(Duration::from_millis(100)).await;
        let third = call();
        assert!(first.await.unwrap().is_ok() && second.await.unwrap().is_ok());
        assert!(third.await.unwrap().is_err());
        served.task.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn makes_room_for_others_unless_a_call_was_admitted() {
        let mut served = Served::start();
        served.peer.close();
        assert_eq!(served.open_for().await, 0);

        let mut served = Served::start();
        served.call().await;
        served.peer.close();
        sleep(Duration::from_secs(1)).await;
        served.call().await;
    }
}
