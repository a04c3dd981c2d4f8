//! Tower layers around events and their outcomes.

use std::future::poll_fn;

use tower_layer::Layer;
use tower_service::Service;

use crate::error::{BoxError, Error};
use crate::event::Event;
use crate::handler::{Next, Outcome};

/// A layer that waits for what it is laid around.
pub(crate) type Wrap = Box<dyn FnOnce(Next) -> Next + Send>;

/// Lays a layer around the next one, once that is known.
pub(crate) fn wrap<L>(layer: L) -> Wrap
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
                // An error need not be `Send`, so none is held across an await.
                let ready = poll_fn(|cx| service.poll_ready(cx).map_err(Into::into)).await;
                let answered = match ready {
                    Ok(()) => service.call(event).await.map_err(Into::into),
                    Err(error) => Err(error),
                };
                answered.unwrap_or_else(|error| Outcome::Error(reply_error(error)))
            })
        })
    })
}

/// An [`Error`] is the answer as it is; any other error is an internal one.
fn reply_error(error: BoxError) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => *error,
        Err(error) => Error::internal(error),
    }
}
