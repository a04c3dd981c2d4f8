//! All that answers on the gRPC endpoint: the proxy service, and the health service beside it.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Request;
use hyper::body::Incoming;

use super::health::HealthService;
use super::service::{Answer, Service};
use crate::endpoint::{ForPeer, Peer};

/// Calls of the health service's name go there, all others to the proxy service.
#[derive(Clone)]
pub(crate) struct WithHealth {
    service: Service,
    health: HealthService,
}

impl WithHealth {
    pub(crate) fn new(service: Service, health: HealthService) -> Self {
        Self { service, health }
    }
}

impl ForPeer for WithHealth {
    fn for_peer(&self, peer: &Arc<Peer>) -> Self {
        Self {
            service: self.service.for_peer(peer),
            health: self.health.for_connection(),
        }
    }
}

impl tower_service::Service<Request<Incoming>> for WithHealth {
    type Response = http::Response<tonic::body::Body>;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Answer {
        if HealthService::has(request.uri().path()) {
            self.health.call(request, self.service.peer())
        } else {
            self.service.call(request)
        }
    }
}
