//! Accepts calls, and passes them on to the program.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt as _, Empty};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpListener;

use super::backend::{Backend, InFlight};
use super::body::{Call, ProxyBody, RequestBody, ResponseBody};
use super::{EventId, Observation, Observer, Source, Status};
use crate::description::Event;
use crate::invoke::Method;

const WINDOW: u32 = 8 << 20;
/// How often a call that was not sent is sent again, because the program was replaced at the same moment.
const ATTEMPTS: usize = 3;

/// Marks a response whose status is not from the program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StatusOfProxy;

/// The proxy: Centrifugo on one side, the newest program that is ready on the other.
#[derive(Clone)]
pub(crate) struct Proxy(Arc<Shared>);

struct Shared {
    backend: RwLock<Option<Arc<Backend>>>,
    observer: Observer,
    next_id: AtomicU64,
}

impl Proxy {
    pub(crate) fn new(observer: Observer) -> Self {
        Self(Arc::new(Shared {
            backend: RwLock::new(None),
            observer,
            next_id: AtomicU64::new(1),
        }))
    }

    /// Replaces the program. Calls that begin from now on go to the new one. Returns the old one.
    pub(crate) fn switch(&self, backend: Option<Arc<Backend>>) -> Option<Arc<Backend>> {
        let mut current = self.0.backend.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *current, backend)
    }

    /// Returns the number of the next call.
    pub(crate) fn next_id(&self) -> EventId {
        self.0.next_id.fetch_add(1, Ordering::Relaxed)
    }

    /// Accepts connections for as long as this process runs.
    pub(crate) async fn serve(self, listener: TcpListener) {
        loop {
            let stream = match listener.accept().await {
                Ok((stream, peer)) if is_allowed(peer) => stream,
                Ok(_) => continue,
                Err(_) => {
                    // Too many open files, for example: the next attempt may succeed.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            let _ = stream.set_nodelay(true);
            let proxy = self.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request| {
                    let proxy = proxy.clone();
                    async move {
                        let id = proxy.next_id();
                        Ok::<_, Infallible>(proxy.call(id, request, Source::Caller).await)
                    }
                });
                // An error means that the connection has ended.
                let _ = http2::Builder::new(TokioExecutor::new())
                    .timer(TokioTimer::new())
                    .initial_stream_window_size(WINDOW)
                    .initial_connection_window_size(WINDOW)
                    .max_frame_size(1 << 20)
                    .max_concurrent_streams(10_000)
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    }

    /// Passes a call on to the program. A response that is not from the program has [`StatusOfProxy`] among its extensions.
    pub(crate) async fn call<B>(
        &self,
        id: EventId,
        request: Request<B>,
        source: Source,
    ) -> Response<ProxyBody>
    where
        B: Body<Data = Bytes, Error = hyper::Error> + Send + Unpin + 'static,
    {
        let method = Method::from_path(request.uri().path());
        let is_stream = method.is_some_and(|method| method.kind == Event::SubscribeStream);
        let observer = &self.0.observer;
        let call = (method.is_some() && observer.observes_next()).then(|| {
            observer.send(Observation::Opened {
                id,
                at: SystemTime::now(),
                path: request.uri().path().to_owned(),
                metadata: request.headers().clone(),
                source,
            });
            Arc::new(Call {
                id,
                started: Instant::now(),
                observer: observer.clone(),
            })
        });
        let mut pending = PendingCall(call.clone());
        let request = request.map(|body| ProxyBody::new(RequestBody::new(body, call.clone())));
        match self.send(request).await {
            Ok((response, mut in_flight)) => {
                pending.0 = None;
                if is_stream {
                    in_flight.forget();
                }
                let status = Status::from_headers(response.headers());
                response.map(|body| ProxyBody::new(ResponseBody::new(body, call, in_flight, status)))
            }
            Err(status) => {
                pending.0 = None;
                let response = status_response(&status);
                if let Some(call) = call {
                    call.end_without_answer(status);
                }
                response
            }
        }
    }

    async fn send(
        &self,
        mut request: Request<ProxyBody>,
    ) -> Result<(Response<hyper::body::Incoming>, InFlight), Status> {
        let mut problem = None;
        for _ in 0..ATTEMPTS {
            let (backend, in_flight) = self.current().ok_or_else(|| {
                Status::unavailable("no program is running yet; see the terminal of `cargo centrifugo dev`")
            })?;
            match backend.send(request).await {
                Ok(response) => return Ok((response, in_flight)),
                Err((error, unsent)) => {
                    problem = Some(error);
                    let Some(unsent) = unsent else {
                        break;
                    };
                    request = unsent;
                }
            }
        }
        Err(Status::unavailable(problem.map_or_else(
            || "the program cannot be reached".to_owned(),
            |error| format!("the program cannot be reached: {error}"),
        )))
    }

    /// Returns the program, and counts a call to it. It is not stopped before the call has ended.
    fn current(&self) -> Option<(Arc<Backend>, InFlight)> {
        let backend = self.0.backend.read().unwrap_or_else(PoisonError::into_inner);
        backend
            .as_ref()
            .map(|backend| (Arc::clone(backend), backend.begin()))
    }
}

/// Ends the observation of a call whose caller does not wait for the answer any more.
struct PendingCall(Option<Arc<Call>>);

impl Drop for PendingCall {
    fn drop(&mut self) {
        if let Some(call) = self.0.take() {
            call.end_without_answer(Status::cancelled());
        }
    }
}

fn is_allowed(peer: SocketAddr) -> bool {
    peer.ip().to_canonical().is_loopback()
}

fn status_response(status: &Status) -> Response<ProxyBody> {
    let body = Empty::new().map_err(|never: Infallible| match never {});
    let mut response = Response::new(ProxyBody::new(body));
    *response.status_mut() = StatusCode::OK;
    *response.headers_mut() = status.to_headers();
    response.extensions_mut().insert(StatusOfProxy);
    response
}

/// Binds the proxy's address.
///
/// # Errors
///
/// Returns an error if the address is not a loopback address, or if it is in use.
pub(crate) async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    if !is_allowed(address) {
        return Err(io::Error::other(format!(
            "{address} is not a loopback address: `dev` has no access control, so that it serves this machine alone"
        )));
    }
    TcpListener::bind(address).await
}
