//! Serves the metrics for Prometheus, and probes, on an address of their own.
//!
//! The server has its own thread and its own limits. A handler that blocks does not delay a scrape, and a scraper that reads
//! slowly delays no event.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{Instant, sleep, timeout};

use super::lossless_recorder::RecorderHandle;
use super::prometheus_recorder;

/// How long a connection may take, from its start to the last byte of the response.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the headers of the request may take. Connections without a request then leave room for others.
const HEADER_TIMEOUT: Duration = Duration::from_secs(2);
/// The most open connections. Further connections are closed at once.
const MAX_CONNECTIONS: usize = 64;
/// The most responses with metrics at once, since each takes memory until it is read.
const MAX_SCRAPES: usize = 4;
/// The most bytes of a request's headers.
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// A server whose address is bound and whose recorder is installed.
pub(crate) struct MetricsServer {
    listener: StdListener,
    recorder: RecorderHandle,
}

/// A running server. Dropping it stops the server.
pub(crate) struct RunningMetricsServer {
    is_ready: Arc<AtomicBool>,
    _stop: oneshot::Sender<()>,
}

impl MetricsServer {
    /// Binds the first of the addresses that can be bound, and installs the recorder of the process.
    ///
    /// # Errors
    ///
    /// Returns a text if no address can be bound, or if the program has installed a recorder of its own.
    pub(crate) fn bind(addresses: &[SocketAddr]) -> Result<Self, String> {
        let listener = StdListener::bind(addresses)
            .and_then(|listener| {
                listener.set_nonblocking(true)?;
                Ok(listener)
            })
            .map_err(|error| format!("WORKER_METRICS_LISTEN: {addresses:?} can't be listened on: {error}"))?;
        Ok(Self {
            listener,
            recorder: prometheus_recorder::install()?,
        })
    }

    /// Starts the thread of the server. Probes of readiness fail until [`RunningMetricsServer::set_ready`].
    pub(crate) fn start(self) -> io::Result<RunningMetricsServer> {
        let address = self.listener.local_addr()?;
        let is_ready = Arc::new(AtomicBool::new(false));
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let responder = Responder {
            recorder: self.recorder,
            is_ready: is_ready.clone(),
            scrapes: Arc::new(Semaphore::new(MAX_SCRAPES)),
        };
        thread::Builder::new()
            .name("centrifugo-metrics".into())
            .spawn(move || runtime.block_on(serve(self.listener, responder, stopped)))?;
        tracing::info!(target: "centrifugo", %address, "serving metrics");
        Ok(RunningMetricsServer {
            is_ready,
            _stop: stop,
        })
    }
}

impl RunningMetricsServer {
    /// Sets the answer to probes of readiness.
    pub(crate) fn set_ready(&self, is_ready: bool) {
        self.is_ready.store(is_ready, Ordering::Relaxed);
    }
}

async fn serve(listener: StdListener, responder: Responder, mut stopped: oneshot::Receiver<()>) {
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(target: "centrifugo", %error, "metrics not served");
            return;
        }
    };
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut next_upkeep = pin!(sleep(Duration::ZERO));
    loop {
        let accepted = tokio::select! {
            biased;
            _ = &mut stopped => return,
            () = &mut next_upkeep => {
                let pause = responder.recorder.run_upkeep();
                next_upkeep.as_mut().reset(Instant::now() + pause);
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let Ok(permit) = connections.clone().try_acquire_owned() else {
                    continue;
                };
                tokio::spawn(serve_connection(stream, responder.clone(), permit));
            }
            // The process has no free file descriptor, or the peer has already closed the connection.
            Err(_) => sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Serves one request. The connection is then closed, so that one time limit covers all of it.
async fn serve_connection(stream: TcpStream, responder: Responder, _permit: OwnedSemaphorePermit) {
    // Held until the connection ends, since the response is in memory until then.
    let scrape = OnceLock::new();
    let service = service_fn(|request: Request<Incoming>| {
        let response = responder.respond(request.method(), request.uri().path(), &scrape);
        async move { Ok::<_, Infallible>(response) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_HEADER_BYTES)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // A connection that fails or takes too long is closed without a response.
    let _ = timeout(CONNECTION_TIMEOUT, connection).await;
}

/// Answers requests.
#[derive(Clone)]
struct Responder {
    recorder: RecorderHandle,
    is_ready: Arc<AtomicBool>,
    scrapes: Arc<Semaphore>,
}

impl Responder {
    fn respond(
        &self,
        method: &Method,
        path: &str,
        scrape: &OnceLock<OwnedSemaphorePermit>,
    ) -> Response<Full<Bytes>> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "the method is not GET\n");
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        match path {
            "/metrics" => match self.scrapes.clone().try_acquire_owned() {
                Ok(permit) => {
                    let _ = scrape.set(permit);
                    text(StatusCode::OK, self.recorder.render())
                }
                Err(_) => text(StatusCode::SERVICE_UNAVAILABLE, "too many scrapes at once\n"),
            },
            "/livez" => text(StatusCode::OK, "ok\n"),
            "/readyz" if self.is_ready.load(Ordering::Relaxed) => text(StatusCode::OK, "ok\n"),
            "/readyz" => text(
                StatusCode::SERVICE_UNAVAILABLE,
                "the program is starting or stopping\n",
            ),
            _ => text(
                StatusCode::NOT_FOUND,
                "the paths are /metrics, /livez and /readyz\n",
            ),
        }
    }
}

fn text(status: StatusCode, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"),
    );
    response
}
