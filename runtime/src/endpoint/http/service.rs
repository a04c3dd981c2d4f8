//! The HTTP endpoint, as the connections that the program accepts itself call it.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::future::RouteFuture;
use http::StatusCode;
use hyper::body::Incoming;

use super::refusal::refuse;
use crate::endpoint::{ForPeer, Peer};

#[derive(Clone)]
pub(crate) struct HttpService {
    router: Router,
    peer: Arc<Peer>,
}

impl HttpService {
    pub(crate) fn new(router: Router) -> Self {
        Self {
            router: router.fallback(no_such_path),
            peer: Arc::default(),
        }
    }
}

async fn no_such_path(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Some(peer) = parts.extensions.get::<Arc<Peer>>() {
        peer.refuse();
    }
    refuse(
        parts.version,
        body,
        StatusCode::NOT_FOUND,
        "there is no such path",
    )
    .await
}

impl ForPeer for HttpService {
    fn for_peer(&self, peer: &Arc<Peer>) -> Self {
        Self {
            router: self.router.clone(),
            peer: peer.clone(),
        }
    }
}

impl tower_service::Service<http::Request<Incoming>> for HttpService {
    type Response = Response;
    type Error = Infallible;
    type Future = RouteFuture<Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: http::Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.peer.clone());
        self.router.call(request)
    }
}
