//! One call: who asks, which event, and its answer as gRPC has it.

use std::convert::Infallible;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tonic::Status;
use tonic::codec::CompressionEncoding;
use tonic::server::{Grpc, NamedService, UnaryService};

use super::codec::Through;
use super::message_body::{Count, MessageBody};
use super::request_check;
use super::stream::Subscribing;
use super::timeout::handler_time;
use crate::endpoint::executor::Executor;
use crate::endpoint::{ForPeer, Peer, Secrets};
use crate::error::BoxError;
use crate::event::{Event, Kind, Metadata};
use crate::handler::Outcome;

/// The service as tonic's and other servers call it.
#[derive(Clone)]
pub(crate) struct Service {
    executor: Arc<Executor>,
    secrets: Arc<Secrets>,
    max_message_len: usize,
    peer: Arc<Peer>,
}

impl NamedService for Service {
    const NAME: &'static str = "centrifugal.centrifugo.proxy.CentrifugoProxy";
}

pub(crate) type Answer =
    Pin<Box<dyn Future<Output = Result<Response<tonic::body::Body>, Infallible>> + Send>>;

impl Service {
    pub(crate) fn new(executor: Arc<Executor>, secrets: Secrets, max_message_len: usize) -> Self {
        Self {
            executor,
            secrets: Arc::new(secrets),
            max_message_len,
            peer: Arc::default(),
        }
    }

    /// The peer whose calls this answers. On a server of the user's own, that is all of its peers.
    pub(super) fn peer(&self) -> &Arc<Peer> {
        &self.peer
    }
}

impl ForPeer for Service {
    fn for_peer(&self, peer: &Arc<Peer>) -> Self {
        Self {
            peer: peer.clone(),
            ..self.clone()
        }
    }
}

enum Method {
    Unary(Kind),
    OneWay,
    TwoWays,
}

impl Method {
    fn of(name: &str) -> Option<Self> {
        match name {
            "SubscribeBidirectional" => Some(Self::TwoWays),
            name => match Kind::from_method(name)? {
                Kind::SubscribeStream => Some(Self::OneWay),
                kind => Some(Self::Unary(kind)),
            },
        }
    }
}

pub(super) fn refused(status: Status) -> Answer {
    Box::pin(ready(Ok(status.into_http())))
}

impl<B> tower_service::Service<Request<B>> for Service
where
    B: Body + Send + Unpin + 'static,
    B::Error: Into<BoxError> + Send + 'static,
{
    type Response = Response<tonic::body::Body>;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> Answer {
        if let Some(refusal) = request_check::headers(&request) {
            self.peer.refuse();
            return Box::pin(ready(Ok(refusal)));
        }
        // Before all else, so that who does not know the secret learns nothing else.
        if !self.secrets.admit_request(&mut request) {
            self.peer.refuse();
            return refused(Status::unauthenticated("the secret is missing or wrong"));
        }
        if let Some(refusal) = request_check::grpc(&request) {
            self.peer.refuse();
            return Box::pin(ready(Ok(refusal)));
        }
        self.peer.admit();
        let mut parts = request.uri().path().splitn(3, '/').skip(1);
        let method = match (parts.next(), parts.next()) {
            (Some(Self::NAME), Some(method)) => Method::of(method),
            _ => None,
        };
        let Some(method) = method else {
            return refused(Status::unimplemented("there is no such method"));
        };
        let executor = self.executor.clone();
        let mut grpc = Grpc::new(Through::new(request.headers()))
            .accept_compressed(CompressionEncoding::Gzip)
            .max_decoding_message_size(self.max_message_len);
        let count = match method {
            Method::Unary(_) | Method::OneWay => Count::One,
            Method::TwoWays => Count::Any,
        };
        let request = request.map(|body| MessageBody::new(body, count, self.max_message_len));
        Box::pin(async move {
            Ok(match method {
                Method::Unary(kind) => grpc.unary(Unary { executor, kind }, request).await,
                Method::OneWay => grpc.server_streaming(Subscribing(executor), request).await,
                Method::TwoWays => grpc.streaming(Subscribing(executor), request).await,
            })
        })
    }
}

struct Unary {
    executor: Arc<Executor>,
    kind: Kind,
}

impl UnaryService<Bytes> for Unary {
    type Response = Bytes;
    type Future = Pin<Box<dyn Future<Output = Result<tonic::Response<Bytes>, Status>> + Send>>;

    fn call(&mut self, request: tonic::Request<Bytes>) -> Self::Future {
        let (executor, kind) = (self.executor.clone(), self.kind);
        Box::pin(async move {
            let (metadata, _, body) = request.into_parts();
            let headers = metadata.into_headers();
            let deadline = handler_time(&headers).and_then(|time| Instant::now().checked_add(time));
            let mut event = Event::new(kind, Metadata::from_headers(headers), body);
            if let Some(deadline) = deadline {
                event = event.with_deadline(deadline);
            }
            let outcome = executor.answer(event).await;
            let unreadable = matches!(outcome, Outcome::Unreadable(_));
            match outcome.encode(kind) {
                Ok(body) => Ok(tonic::Response::new(body)),
                Err(reason) if unreadable => Err(Status::invalid_argument(reason)),
                Err(reason) if kind.fails_with_grace() => Err(Status::unavailable(reason)),
                Err(reason) => Err(Status::internal(reason)),
            }
        })
    }
}
