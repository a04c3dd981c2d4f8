//! The standard health service (`grpc.health.v1.Health`). Probes need no secret, so everything about it is small.

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

use super::codec::Through;
use super::health_calls::{HealthCall, HealthCalls};
use super::message_body::{Count, MessageBody};
use super::request_check;
use super::service::{Answer, Service, refused};
use crate::endpoint::Peer;

/// A request is the name of a service: ours has 46 bytes.
const MAX_MESSAGE_LEN: usize = 256;
const ARRIVAL_LIMIT: Duration = Duration::from_secs(2);

/// Values of `ServingStatus`.
const SERVING: u8 = 1;
const NOT_SERVING: u8 = 2;
const SERVICE_UNKNOWN: u8 = 3;

/// Whether the program is serving, as probes are told.
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

    /// Reports that no more events should come, and ends the streams of those who watch.
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
    /// Returns whether a path is one of this service.
    pub(super) fn has(path: &str) -> bool {
        path.strip_prefix('/')
            .and_then(|path| path.strip_prefix(Self::NAME))
            .is_some_and(|rest| rest.starts_with('/'))
    }

    /// The service for the calls of one connection, which are counted.
    pub(super) fn for_connection(&self) -> Self {
        Self {
            serving: self.serving.clone(),
            calls: HealthCalls::default(),
        }
    }

    pub(super) fn call(&self, request: Request<Incoming>, peer: &Peer) -> Answer {
        if let Some(refusal) = request_check::headers(&request).or_else(|| request_check::grpc(&request)) {
            peer.refuse();
            return Box::pin(ready(Ok(refusal)));
        }
        let is_watch = match request.uri().path().rsplit('/').next() {
            Some("Check") => false,
            Some("Watch") => true,
            _ => return refused(Status::unimplemented("there is no such method")),
        };
        let Some(call) = self.calls.begin() else {
            peer.refuse();
            return refused(Status::resource_exhausted(
                "too many health checks on this connection",
            ));
        };
        let request = request
            .map(|body| MessageBody::new(body, Count::One, MAX_MESSAGE_LEN).arrival_limit(ARRIVAL_LIMIT));
        let mut grpc = Grpc::new(Through::small());
        let serving = self.serving.clone();
        Box::pin(async move {
            Ok(if is_watch {
                grpc.server_streaming(Watch(Some((serving, call))), request).await
            } else {
                let answer = grpc.unary(Check(serving), request).await;
                drop(call);
                answer
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

    /// The whole program has the empty name.
    fn is_known(&self) -> bool {
        self.service.is_empty() || self.service == <Service as NamedService>::NAME
    }
}

/// A `HealthCheckResponse`: field 1 with the status.
fn response(status: u8) -> Bytes {
    Bytes::copy_from_slice(&[0x08, status])
}

fn status(serving: bool) -> u8 {
    if serving { SERVING } else { NOT_SERVING }
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
                    Err(Status::not_found("there is no such service"))
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
            return ready(Err(Status::internal("called twice")));
        };
        ready(
            HealthCheckRequest::read(request.into_inner())
                .map(|request| Response::new(Statuses::new(request.is_known(), serving, call))),
        )
    }
}

/// The status now, and the other one when the program stops. Then it ends.
struct Statuses {
    now: Option<Bytes>,
    last: Option<Bytes>,
    stopped: Option<BoxFuture<'static, ()>>,
    /// Ends the call when the stream is dropped.
    _call: HealthCall,
}

impl Statuses {
    fn new(is_known: bool, mut serving: watch::Receiver<bool>, call: HealthCall) -> Self {
        let is_serving = *serving.borrow();
        let now = if is_known {
            status(is_serving)
        } else {
            SERVICE_UNKNOWN
        };
        Self {
            now: Some(response(now)),
            last: (is_known && is_serving).then(|| response(NOT_SERVING)),
            stopped: Some(Box::pin(async move {
                // Without a sender the program has ended.
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
        if let Some(now) = this.now.take() {
            return Poll::Ready(Some(Ok(now)));
        }
        if let Some(stopped) = &mut this.stopped {
            std::task::ready!(stopped.as_mut().poll(cx));
            this.stopped = None;
        }
        Poll::Ready(this.last.take().map(Ok))
    }
}
