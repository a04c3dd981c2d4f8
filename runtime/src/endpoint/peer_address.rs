//! The address of the peer that sent a request, for the log.

use std::net::SocketAddr;
use std::task::{Context, Poll};

use http::Request;
use tower_service::Service;

/// The other end of the connection that a request came over, in the request's extensions. A mounted service or router
/// does not know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PeerAddress(pub(crate) SocketAddr);

/// A service for the requests of one connection, to which it adds the [`PeerAddress`].
#[derive(Clone)]
pub(crate) struct WithPeer<S> {
    service: S,
    peer: PeerAddress,
}

impl<S> WithPeer<S> {
    pub(crate) fn new(service: S, peer: SocketAddr) -> Self {
        let peer = PeerAddress(peer);
        Self { service, peer }
    }
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for WithPeer<S> {
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
