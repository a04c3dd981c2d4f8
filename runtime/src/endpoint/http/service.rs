//! The service behind the connections that the program accepts itself.
//!
//! It matches paths itself, because axum's router allocates several times for each request and takes as long as the rest
//! of the endpoint.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

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

impl hyper::service::Service<Request<Incoming>> for HttpService {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let (routes, call) = (self.routes.clone(), self.peer.begin_call());
        let (mut parts, mut body) = request.into_parts();
        let kind = routes.kind_of(parts.uri.path());
        Box::pin(async move {
            let Some(kind) = kind else {
                call.peer.refuse();
                let refused = refuse(parts.version, &mut body, StatusCode::NOT_FOUND, "no such path");
                return Ok(Box::pin(refused).await);
            };
            let endpoint = &routes.endpoint;
            Ok(endpoint
                .answer(kind, &mut parts, &mut body, Some(&call.peer))
                .await)
        })
    }
}
