//! The standard health service, [`grpc.health.v1.Health`](https://github.com/grpc/grpc/blob/master/doc/health-checking.md).
//!
//! Probes need no secret. Messages, waiting times and the number of calls are therefore limited to small values.

use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use futures_core::future::BoxFuture;
use http::Request;
use hyper::body::Incoming;
use prost::Message as _;
use tokio::sync::watch;
use tonic::server::{Grpc, NamedService, ServerStreamingService, UnaryService};
use tonic::{Response, Status};

use super::codec::BytesCodec;
use super::health_calls::{HealthCall, HealthCalls};
use super::message_body::{MessageBody, MessageCount};
use super::request_check;
use super::service::{ResponseFuture, Service, refused};
use crate::endpoint::Peer;

/// The longest request, in bytes. A request contains the name of a service, and the proxy service's name has 46 bytes.
const MAX_MESSAGE_LEN: usize = 256;
/// How long a request may take to arrive.
const ARRIVAL_TIMEOUT: Duration = Duration::from_secs(2);

/// Values of `ServingStatus`.
const SERVING: u8 = 1;
const NOT_SERVING: u8 = 2;
const SERVICE_UNKNOWN: u8 = 3;

/// Whether the program serves, for the responses to probes.
pub(crate) struct Health(watch::Sender<bool>);

impl Health {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(true))
    }

    pub(crate) fn service(&self) -> HealthService {
        HealthService {
            serving: self.0.subscribe(),
            calls: HealthCalls::default(),
        }
    }

    /// Changes the status to `NOT_SERVING` and ends the streams of `Watch`.
    pub(crate) fn stop(&self) {
        self.0.send_replace(false);
    }
}

#[derive(Clone)]
pub(crate) struct HealthService {
    serving: watch::Receiver<bool>,
    calls: HealthCalls,
}

impl NamedService for HealthService {
    const NAME: &'static str = "grpc.health.v1.Health";
}

impl HealthService {
    /// Returns whether a path belongs to this service.
    pub(super) fn matches(path: &str) -> bool {
        path.strip_prefix('/')
            .and_then(|path| path.strip_prefix(Self::NAME))
            .is_some_and(|rest| rest.starts_with('/'))
    }

    /// Returns the service for one connection, whose calls are limited.
    pub(super) fn for_connection(&self) -> Self {
        Self {
            serving: self.serving.clone(),
            calls: HealthCalls::default(),
        }
    }

    pub(super) fn call(&self, request: Request<Incoming>, peer: &Peer) -> ResponseFuture {
        if let Some(refusal) = request_check::headers(&request).or_else(|| request_check::grpc(&request)) {
            peer.refuse();
            return Box::pin(ready(Ok(refusal)));
        }
        let is_watch = match request.uri().path().rsplit('/').next() {
            Some("Check") => false,
            Some("Watch") => true,
            _ => return refused(Status::unimplemented("unknown method")),
        };
        let Some(call) = self.calls.begin() else {
            peer.refuse();
            return refused(Status::resource_exhausted(
                "too many health checks on this connection",
            ));
        };
        let request = request.map(|body| {
            MessageBody::new(body, MessageCount::One, MAX_MESSAGE_LEN).arrival_timeout(ARRIVAL_TIMEOUT)
        });
        let mut grpc = Grpc::new(BytesCodec::small());
        let serving = self.serving.clone();
        Box::pin(async move {
            Ok(if is_watch {
                grpc.server_streaming(Watch(Some((serving, call))), request).await
            } else {
                let response = grpc.unary(Check(serving), request).await;
                drop(call);
                response
            })
        })
    }
}

#[derive(Clone, PartialEq, prost::Message)]
struct HealthCheckRequest {
    #[prost(string, tag = "1")]
    service: String,
}

impl HealthCheckRequest {
    fn read(body: Bytes) -> Result<Self, Status> {
        Self::decode(body).map_err(|error| Status::invalid_argument(error.to_string()))
    }

    /// Returns whether the service is the proxy service or the empty name, which stands for the whole program.
    fn is_known(&self) -> bool {
        self.service.is_empty() || self.service == <Service as NamedService>::NAME
    }
}

/// Encodes a `HealthCheckResponse`, whose field 1 is the status.
fn response(status: u8) -> Bytes {
    Bytes::copy_from_slice(&[0x08, status])
}

fn status(is_serving: bool) -> u8 {
    if is_serving { SERVING } else { NOT_SERVING }
}

struct Check(watch::Receiver<bool>);

impl UnaryService<Bytes> for Check {
    type Response = Bytes;
    type Future = std::future::Ready<Result<Response<Bytes>, Status>>;

    fn call(&mut self, request: tonic::Request<Bytes>) -> Self::Future {
        ready(
            HealthCheckRequest::read(request.into_inner()).and_then(|request| {
                if request.is_known() {
                    Ok(Response::new(response(status(*self.0.borrow()))))
                } else {
                    Err(Status::not_found("unknown service"))
                }
            }),
        )
    }
}

struct Watch(Option<(watch::Receiver<bool>, HealthCall)>);

impl ServerStreamingService<Bytes> for Watch {
    type Response = Bytes;
    type ResponseStream = Statuses;
    type Future = std::future::Ready<Result<Response<Statuses>, Status>>;

    fn call(&mut self, request: tonic::Request<Bytes>) -> Self::Future {
        let Some((serving, call)) = self.0.take() else {
            return ready(Err(Status::internal("the method was called twice")));
        };
        ready(
            HealthCheckRequest::read(request.into_inner())
                .map(|request| Response::new(Statuses::new(request.is_known(), serving, call))),
        )
    }
}

/// Yields the current status, and `NOT_SERVING` when the program stops. Then it ends.
struct Statuses {
    current: Option<Bytes>,
    last: Option<Bytes>,
    stopped: Option<BoxFuture<'static, ()>>,
    /// Ends the call when the stream is dropped.
    _call: HealthCall,
}

impl Statuses {
    fn new(is_known: bool, mut serving: watch::Receiver<bool>, call: HealthCall) -> Self {
        let is_serving = *serving.borrow();
        let current = if is_known {
            status(is_serving)
        } else {
            SERVICE_UNKNOWN
        };
        Self {
            current: Some(response(current)),
            last: (is_known && is_serving).then(|| response(NOT_SERVING)),
            stopped: Some(Box::pin(async move {
                // An error means that the program has ended.
                let _ = serving.wait_for(|serving| !serving).await;
            })),
            _call: call,
        }
    }
}

impl Stream for Statuses {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(current) = this.current.take() {
            return Poll::Ready(Some(Ok(current)));
        }
        if let Some(stopped) = &mut this.stopped {
            std::task::ready!(stopped.as_mut().poll(cx));
            this.stopped = None;
        }
        Poll::Ready(this.last.take().map(Ok))
    }
}
