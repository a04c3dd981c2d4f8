//! The proxy service for a gRPC server of the user's own.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tonic::server::NamedService;
use tower_service::Service;

use super::direct::Mounted;
use super::mounting::Mounting;
use super::server::Server;
use crate::endpoint::grpc;
use crate::error::BoxError;
use crate::settings::Mode;
use crate::startup::ServeError;

/// Centrifugo's proxy service, to mount in a tonic server: see [`Server::into_service`].
#[derive(Clone)]
pub struct GrpcService {
    service: grpc::Service,
    mounting: Mounting,
}

impl GrpcService {
    /// Ends open streams with `UNAVAILABLE`, so that Centrifugo subscribes their clients again elsewhere, and refuses new ones.
    /// Events that have no reply after 5 s are answered with error 100. Call it when the server begins its graceful shutdown,
    /// which would wait for the streams otherwise.
    pub fn stop(&self) {
        self.mounting.stop();
    }

    /// Waits for the events in hand, at most 5 s, runs the `#[shutdown]` functions, and drops the states. Call it when the
    /// server has ended.
    pub async fn finish(&self) {
        self.mounting.finish().await;
    }
}

impl Server {
    /// A service for a tonic server of the user's own, which decides about addresses, TLS and its end. The states are built
    /// here; `Server::require_metadata`, `Server::concurrency` and the limits hold.
    ///
    /// ```no_run
    /// # async fn serve_with_shutdown<S: tonic::server::NamedService>(service: S, signal: impl Future<Output = ()>) {}
    /// # async fn terminated() {}
    /// # async fn example() -> Result<(), centrifugo::ServeError> {
    /// let service = centrifugo::Server::from_env()?.into_service().await?;
    /// let stopping = service.clone();
    /// let signal = async move {
    ///     terminated().await; // such as `tokio::signal::ctrl_c()`
    ///     stopping.stop();
    /// };
    /// // `tonic::transport::Server::builder().add_service(service.clone()).serve_with_shutdown(address, signal).await`
    /// serve_with_shutdown(service.clone(), signal).await;
    /// service.finish().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the program can't start, with all that is wrong at once.
    pub async fn into_service(self) -> Result<GrpcService, ServeError> {
        let Mounted {
            program,
            executor,
            settings,
            max_message_len,
        } = self.mount(Mode::Service).await?;
        let service = grpc::Service::new(executor.clone(), settings.secrets, max_message_len);
        Ok(GrpcService {
            service,
            mounting: Mounting::new(program, executor),
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
