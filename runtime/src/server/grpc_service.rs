//! The proxy service for a tonic server: [`GrpcService`].

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tonic::server::NamedService;
use tower_service::Service;

use super::app::App;
use crate::endpoint::grpc;
use crate::error::BoxError;
use crate::settings::Mode;
use crate::startup::ServeError;

/// Centrifugo's proxy service for a tonic server. [`App::into_service`] returns it.
#[derive(Clone)]
pub struct GrpcService {
    service: grpc::Service,
}

impl App {
    /// Returns a service for your tonic server.
    ///
    /// Your server controls addresses, TLS and the shutdown. Call [`App::handle`] before this function, and use the handle to shut
    /// down the program. `Server::require_metadata`, `Server::concurrency` and all time limits apply.
    ///
    /// # Errors
    ///
    /// Returns an error if no secret is set and [`Server::allow_unauthenticated`](crate::Server::allow_unauthenticated) was not
    /// called, since any caller could then be any user.
    pub fn into_service(self) -> Result<GrpcService, ServeError> {
        self.check_mounted(Mode::Service)?;
        let executor = self.executor().clone();
        let secrets = self.config.endpoint.secrets;
        Ok(GrpcService {
            service: grpc::Service::new(executor, secrets, self.config.max_frame_len),
        })
    }
}

impl NamedService for GrpcService {
    const NAME: &'static str = <grpc::Service as NamedService>::NAME;
}

impl<B> Service<Request<B>> for GrpcService
where
    B: Body + Send + Unpin + 'static,
    B::Error: Into<BoxError> + Send + 'static,
{
    type Response = Response<tonic::body::Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request<B>>::poll_ready(&mut self.service, cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        self.service.call(request)
    }
}

impl fmt::Debug for GrpcService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrpcService").finish_non_exhaustive()
    }
}
