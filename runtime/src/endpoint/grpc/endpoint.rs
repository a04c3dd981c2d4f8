//! The services of the gRPC endpoint: the proxy service and the health service.

use std::convert::Infallible;
use std::sync::Arc;

use http::Request;
use hyper::body::Incoming;

use super::health::HealthService;
use super::service::{ResponseFuture, Service};
use crate::endpoint::{ForPeer, Peer};

/// Routes calls by their path to the health service or to the proxy service.
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

impl hyper::service::Service<Request<Incoming>> for WithHealth {
    type Response = http::Response<tonic::body::Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn call(&self, request: Request<Incoming>) -> ResponseFuture {
        if HealthService::matches(request.uri().path()) {
            self.health.call(request, self.service.peer())
        } else {
            self.service.answer(request)
        }
    }
}
