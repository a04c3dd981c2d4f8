//! The address of the peer that sent a request, for the log.

use std::net::SocketAddr;
use std::task::{Context, Poll};

use http::Request;
use tower_service::Service;

/// The address of the peer, as an extension of a request. Requests to a mounted service or router do not have it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PeerAddress(pub(crate) SocketAddr);

/// Adds the [`PeerAddress`] to each request of one connection.
#[derive(Clone)]
pub(crate) struct WithPeerAddress<S> {
    service: S,
    peer: PeerAddress,
}

impl<S> WithPeerAddress<S> {
    pub(crate) fn new(service: S, peer: SocketAddr) -> Self {
        let peer = PeerAddress(peer);
        Self { service, peer }
    }
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for WithPeerAddress<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        request.extensions_mut().insert(self.peer);
        self.service.call(request)
    }
}
