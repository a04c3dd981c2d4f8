//! Layers from functions.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::task::{Context, Poll};

use futures_core::future::BoxFuture;
use tower_layer::Layer;
use tower_service::Service;

use crate::event::Event;
use crate::handler::{IntoOutcome, Next, Outcome};

/// Creates a layer from an `async` function that takes an event and the [`Next`] service.
///
/// The function calls [`Next::run`] to pass the event on, or returns an error, with which the event is then answered.
/// [`Next::state`] returns the states of the program, [`Event::metadata`] the headers of the event.
///
/// ```standalone_crate
/// use centrifugo::layer::{self, Event, Next, Outcome};
/// use centrifugo::testing::TestClient;
/// use centrifugo::{Error, Json};
///
/// async fn only_members(event: Event, next: Next) -> Result<Outcome, Error> {
///     if event.user().is_empty() {
///         return Err(Error::unauthorized());
///     }
///     Ok(next.run(event).await)
/// }
///
/// #[centrifugo::rpc("answer")]
/// fn answer() -> Json<u8> {
///     Json(42)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder()
///     .layer(layer::from_fn(only_members))
///     .layer(layer::from_fn(async |event: Event, next: Next| next.run(event).await))
///     .build()
///     .await?;
/// assert_eq!(t.rpc("answer").user("7").await.json::<u8>()?, 42);
/// assert_eq!(t.rpc("answer").await.error().map(|error| error.code), Some(101));
/// # Ok(())
/// # }
/// ```
pub fn from_fn<F>(function: F) -> FromFn<F> {
    FromFn { function }
}

/// A layer from [`from_fn`].
#[derive(Clone)]
#[must_use]
pub struct FromFn<F> {
    function: F,
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFn").finish_non_exhaustive()
    }
}

impl<F: Clone> Layer<Next> for FromFn<F> {
    type Service = FromFnService<F>;

    fn layer(&self, next: Next) -> FromFnService<F> {
        FromFnService {
            function: self.function.clone(),
            next,
        }
    }
}

/// The service of a [`FromFn`].
#[derive(Clone)]
pub struct FromFnService<F> {
    function: F,
    next: Next,
}

impl<F> fmt::Debug for FromFnService<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFnService").finish_non_exhaustive()
    }
}

impl<F, Fut> Service<Event> for FromFnService<F>
where
    F: Fn(Event, Next) -> Fut,
    Fut: Future<Output: IntoOutcome> + Send + 'static,
{
    type Response = Outcome;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Outcome, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, event: Event) -> Self::Future {
        let result = (self.function)(event, self.next.clone());
        Box::pin(async { Ok(result.await.into_outcome()) })
    }
}
