//! Tower layers around events and their outcomes.

use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::future::BoxFuture;
use tower_layer::Layer;
use tower_service::Service;

use crate::error::{BoxError, Error};
use crate::event::Event;
use crate::handler::Outcome;

/// What is behind a layer: the next one, or the handlers. A tower service that takes an [`Event`] and gives an [`Outcome`].
#[derive(Clone)]
pub struct Next(Arc<dyn Fn(Event) -> BoxFuture<'static, Outcome> + Send + Sync>);

/// A layer that waits for what it is laid around.
pub(crate) type Wrap = Box<dyn FnOnce(Next) -> Next + Send>;

impl Next {
    /// What is behind the innermost layer.
    pub(crate) fn innermost(
        answer: impl Fn(Event) -> BoxFuture<'static, Outcome> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(answer))
    }

    fn service<S>(service: S) -> Self
    where
        S: Service<Event, Response = Outcome, Error: Into<BoxError>, Future: Send>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        Self(Arc::new(move |event| {
            let mut service = service.clone();
            Box::pin(async move {
                // An error need not be `Send`: none is held while something is waited for.
                let ready = poll_fn(|cx| service.poll_ready(cx).map_err(Into::into)).await;
                let answered = match ready {
                    Ok(()) => service.call(event).await.map_err(Into::into),
                    Err(error) => Err(error),
                };
                answered.unwrap_or_else(|error| Outcome::Error(answer(error)))
            })
        }))
    }

    pub(super) fn run(&self, event: Event) -> BoxFuture<'static, Outcome> {
        (self.0)(event)
    }
}

/// An [`Error`] is the answer as it is; any other error is an internal one.
fn answer(error: BoxError) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => *error,
        Err(error) => Error::internal(error),
    }
}

pub(crate) fn wrap<L>(layer: L) -> Wrap
where
    L: Layer<Next> + Send + 'static,
    L::Service: Service<Event, Response = Outcome, Error: Into<BoxError>, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static,
{
    Box::new(move |next| Next::service(layer.layer(next)))
}

impl Service<Event> for Next {
    type Response = Outcome;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Outcome, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, event: Event) -> Self::Future {
        let outcome = self.run(event);
        Box::pin(async { Ok(outcome.await) })
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Next(..)")
    }
}
