//! Centrifugo's proxy service: authenticates each call, dispatches its event, and encodes the reply.

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

use super::codec::BytesCodec;
use super::message_body::{MessageBody, MessageCount};
use super::request_check;
use super::stream::SubscribeStream;
use super::timeout::handler_timeout;
use crate::endpoint::executor::Executor;
use crate::endpoint::{ForPeer, Peer, Secrets};
use crate::error::BoxError;
use crate::event::{Event, Kind, Metadata};
use crate::handler::Outcome;

/// The proxy service, as a tower service for tonic and other servers.
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

pub(crate) type ResponseFuture =
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

    /// Returns the peer of this service's connection. A mounted service has one for all connections.
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
    Unidirectional,
    Bidirectional,
}

impl Method {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "SubscribeBidirectional" => Some(Self::Bidirectional),
            name => match Kind::from_method(name)? {
                Kind::SubscribeStream => Some(Self::Unidirectional),
                kind => Some(Self::Unary(kind)),
            },
        }
    }
}

pub(super) fn refused(status: Status) -> ResponseFuture {
    Box::pin(ready(Ok(status.into_http())))
}

impl Service {
    pub(super) fn answer<B>(&self, mut request: Request<B>) -> ResponseFuture
    where
        B: Body + Send + Unpin + 'static,
        B::Error: Into<BoxError> + Send + 'static,
    {
        if let Some(refusal) = request_check::headers(&request) {
            self.peer.refuse();
            return Box::pin(ready(Ok(refusal)));
        }
        // Before all other checks, so that an unauthenticated caller learns nothing else.
        if !self.secrets.admit_request(&mut request, Some(&self.peer)) {
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
            (Some(Self::NAME), Some(method)) => Method::from_name(method),
            _ => None,
        };
        let Some(method) = method else {
            return refused(Status::unimplemented("unknown method"));
        };
        let executor = self.executor.clone();
        let mut grpc = Grpc::new(BytesCodec::new(request.headers()))
            .accept_compressed(CompressionEncoding::Gzip)
            .max_decoding_message_size(self.max_message_len);
        let count = match method {
            Method::Unary(_) | Method::Unidirectional => MessageCount::One,
            Method::Bidirectional => MessageCount::Any,
        };
        let request = request.map(|body| MessageBody::new(body, count, self.max_message_len));
        Box::pin(async move {
            Ok(match method {
                Method::Unary(kind) => grpc.unary(Unary { executor, kind }, request).await,
                Method::Unidirectional => grpc.server_streaming(SubscribeStream(executor), request).await,
                Method::Bidirectional => grpc.streaming(SubscribeStream(executor), request).await,
            })
        })
    }
}

/// For tonic's server and for other servers of tower services.
impl<B> tower_service::Service<Request<B>> for Service
where
    B: Body + Send + Unpin + 'static,
    B::Error: Into<BoxError> + Send + 'static,
{
    type Response = Response<tonic::body::Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> ResponseFuture {
        self.answer(request)
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
        let (metadata, _, body) = request.into_parts();
        let headers = metadata.into_headers();
        let received = Instant::now();
        let deadline = handler_timeout(&headers).and_then(|timeout| received.checked_add(timeout));
        let mut event = Event::new(kind, Metadata::from_headers(headers), body)
            .with_transport("grpc")
            .with_received(received);
        if let Some(deadline) = deadline {
            event = event.with_deadline(deadline);
        }
        Box::pin(async move {
            let outcome = executor.answer(event).await;
            let is_unreadable = matches!(outcome, Outcome::Unreadable(_));
            match outcome.encode(kind) {
                Ok(body) => Ok(tonic::Response::new(body)),
                Err(reason) if is_unreadable => Err(Status::invalid_argument(reason)),
                Err(reason) if kind.fails_with_grace() => Err(Status::unavailable(reason)),
                Err(reason) => Err(Status::internal(reason)),
            }
        })
    }
}
