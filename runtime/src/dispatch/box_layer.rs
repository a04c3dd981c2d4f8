//! Type-erased tower layers around events and their outcomes.

use std::future::poll_fn;

use tower_layer::Layer;
use tower_service::Service;

use crate::error::{BoxError, Error};
use crate::event::Event;
use crate::handler::{Next, Outcome};

/// A boxed layer. It is a function, since the next service is known only when the program is built.
pub(crate) type BoxLayer = Box<dyn FnOnce(Next) -> Next + Send>;

/// Boxes a layer.
pub(crate) fn box_layer<L>(layer: L) -> BoxLayer
where
    L: Layer<Next> + Send + 'static,
    L::Service: Service<Event, Response = Outcome, Error: Into<BoxError>, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static,
{
    Box::new(move |next| {
        let states = next.states().clone();
        let service = layer.layer(next);
        Next::new(states, move |event| {
            let mut service = service.clone();
            Box::pin(async move {
                // The layer's error type may not be `Send`, so it is converted before the next await.
                let ready = poll_fn(|cx| service.poll_ready(cx).map_err(Into::into)).await;
                let result = match ready {
                    Ok(()) => service.call(event).await.map_err(Into::into),
                    Err(error) => Err(error),
                };
                result.unwrap_or_else(|error| Outcome::Error(reply_error(error)))
            })
        })
    })
}

/// Returns an [`Error`] unchanged, and any other error as an internal error.
fn reply_error(error: BoxError) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => *error,
        Err(error) => Error::internal(error),
    }
}
