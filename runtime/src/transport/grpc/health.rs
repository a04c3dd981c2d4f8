//! The standard health service beside ours.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Request;
use hyper::body::Incoming;
use tonic::server::NamedService;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

use super::Service;
use super::service::Answer;

/// What probes are told. The overall health has the empty name.
pub(crate) struct Health(HealthReporter);

impl Health {
    pub(crate) async fn new() -> Self {
        let reporter = HealthReporter::new();
        reporter.set_serving::<Service>().await;
        Self(reporter)
    }

    pub(crate) fn server(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.0.clone()))
    }

    /// Says that no more events should come, and ends the streams of those who watch.
    pub(crate) async fn stop(mut self) {
        for name in ["", <Service as NamedService>::NAME] {
            self.0.set_service_status(name, ServingStatus::NotServing).await;
            self.0.clear_service_status(name).await;
        }
    }
}

/// Our service, and the health service under its own name. Probes need no secret.
#[derive(Clone)]
pub(crate) struct WithHealth {
    service: Service,
    health: Arc<HealthServer<HealthService>>,
}

impl WithHealth {
    pub(crate) fn new(service: Service, health: HealthServer<HealthService>) -> Self {
        Self {
            service,
            health: Arc::new(health),
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
        let name = <HealthServer<HealthService> as NamedService>::NAME;
        let path = request.uri().path();
        if path
            .strip_prefix('/')
            .and_then(|path| path.strip_prefix(name))
            .is_some_and(|rest| rest.starts_with('/'))
        {
            HealthServer::clone(&self.health).call(request)
        } else {
            self.service.call(request)
        }
    }
}
