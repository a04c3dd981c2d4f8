//! The connection to a running program.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::{ProxyBody, frame, unframe};

/// As much as the endpoint of the crate `centrifugo` accepts, so that large messages do not wait for each other.
const WINDOW: u32 = 8 << 20;
/// How long a program may take to answer a health check.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(2);

/// A program that calls can be sent to.
pub(crate) struct Backend {
    sender: SendRequest<ProxyBody>,
    in_flight: Arc<watch::Sender<usize>>,
}

/// Counts a call for as long as it exists.
pub(super) struct InFlight(Option<Arc<watch::Sender<usize>>>);

impl InFlight {
    /// Stops counting a stream, which may never end.
    pub(super) fn forget(&mut self) {
        if let Some(count) = self.0.take() {
            count.send_modify(|count| *count -= 1);
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.forget();
    }
}

impl Backend {
    /// Connects to a program. Returns `None` if it does not listen, or does not answer the health service with «serving».
    pub(crate) async fn connect(address: SocketAddr) -> Option<Self> {
        tokio::time::timeout(HEALTH_TIMEOUT, Self::connect_and_check(address))
            .await
            .ok()?
    }

    async fn connect_and_check(address: SocketAddr) -> Option<Self> {
        let stream = TcpStream::connect(address).await.ok()?;
        // Without this, small messages wait for each other.
        stream.set_nodelay(true).ok()?;
        let (mut sender, connection) = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .initial_stream_window_size(WINDOW)
            .initial_connection_window_size(WINDOW)
            .max_frame_size(1 << 20)
            .handshake(TokioIo::new(stream))
            .await
            .ok()?;
        tokio::spawn(connection);
        let body: Full<Bytes> = frame(b"").into();
        let request = Request::post(format!("http://{address}/grpc.health.v1.Health/Check"))
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .body(ProxyBody::new(body.map_err(|never| match never {})))
            .ok()?;
        let response = sender.send_request(request).await.ok()?;
        let body = response.into_body().collect().await.ok()?.to_bytes();
        // Field 1, the status, is 1: serving.
        let is_serving = unframe(&body)?.bytes?.as_ref() == [8, 1];
        is_serving.then(|| Self {
            sender,
            in_flight: Arc::new(watch::Sender::new(0)),
        })
    }

    /// Counts a call.
    pub(super) fn begin(&self) -> InFlight {
        self.in_flight.send_modify(|count| *count += 1);
        InFlight(Some(Arc::clone(&self.in_flight)))
    }

    /// Waits until no call is in flight.
    pub(crate) async fn idle(&self) {
        let mut count = self.in_flight.subscribe();
        // The sender lives as long as this backend.
        let _ = count.wait_for(|count| *count == 0).await;
    }

    /// Sends a call. Returns the request if nothing of it was sent.
    pub(super) async fn send(
        &self,
        request: Request<ProxyBody>,
    ) -> Result<Response<Incoming>, (hyper::Error, Option<Request<ProxyBody>>)> {
        let mut sender = self.sender.clone();
        if let Err(error) = sender.ready().await {
            return Err((error, Some(request)));
        }
        sender.try_send_request(request).await.map_err(|mut error| {
            let request = error.take_message();
            (error.into_error(), request)
        })
    }
}
