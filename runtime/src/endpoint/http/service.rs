//! The service behind the connections that the program accepts itself.
//!
//! It matches paths itself, because axum's router allocates several times for each request and takes as long as the rest
//! of the endpoint.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;

use super::endpoint::Endpoint;
use super::refusal::refuse;
use crate::endpoint::{ForPeer, Peer};
use crate::event::Kind;

/// Answers the requests of one peer.
#[derive(Clone)]
pub(crate) struct HttpService {
    routes: Arc<Routes>,
    peer: Arc<Peer>,
}

/// The paths of all kinds, below a prefix.
struct Routes {
    endpoint: Endpoint,
    prefix: String,
}

impl HttpService {
    pub(crate) fn new(endpoint: Endpoint, prefix: &str) -> Self {
        Self {
            routes: Arc::new(Routes {
                endpoint,
                prefix: prefix.to_owned(),
            }),
            peer: Arc::default(),
        }
    }
}

impl Routes {
    /// Returns the kind of the events that are sent to a path.
    fn kind_of(&self, path: &str) -> Option<Kind> {
        let name = path.strip_prefix(&self.prefix)?.strip_prefix('/')?;
        Kind::ALL.into_iter().find(|kind| kind.path() == Some(name))
    }
}

impl ForPeer for HttpService {
    fn for_peer(&self, peer: &Arc<Peer>) -> Self {
        Self {
            peer: peer.clone(),
            ..self.clone()
        }
    }
}

impl tower_service::Service<Request<Incoming>> for HttpService {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let (routes, peer) = (self.routes.clone(), self.peer.clone());
        Box::pin(async move {
            Ok(match routes.kind_of(request.uri().path()) {
                Some(kind) => routes.endpoint.answer(kind, request, Some(&peer)).await,
                None => {
                    peer.refuse();
                    let (parts, body) = request.into_parts();
                    refuse(parts.version, body, StatusCode::NOT_FOUND, "no such path").await
                }
            })
        })
    }
}
