//! A handler with a layer of its own.

use std::fmt;
use std::future::Future;

use futures_core::future::BoxFuture;

use super::format::Format;
use super::handler_info::HandlerInfo;
use super::into_outcome::IntoOutcome;
use super::next::Next;
use super::outcome::Outcome;
use super::route::{AnyHandler, Call, PendingOutcome, RouteMatch};
use crate::error::Error;
use crate::event::{Event, Resolved};

/// A handler with the function that `layer = ..` names.
pub struct LayeredHandler<F: 'static> {
    handler: &'static dyn AnyHandler,
    layer: F,
    /// The path of the function, as the attribute has it.
    layer_name: &'static str,
    /// [`run`]. As a field it needs no bound where the handler is registered, where the compiler would report a function that is
    /// not a layer once more.
    run: fn(&'static F, Event, Next) -> BoxFuture<'static, Outcome>,
}

impl<F: Sync + 'static> LayeredHandler<F> {
    /// Lays the function around the handler, which it gets as [`Next`].
    pub const fn new<Fut>(handler: &'static dyn AnyHandler, layer: F, layer_name: &'static str) -> Self
    where
        F: Fn(Event, Next) -> Fut,
        Fut: Future<Output: IntoOutcome> + Send + 'static,
    {
        Self {
            handler,
            layer,
            layer_name,
            run: run::<F, Fut>,
        }
    }
}

fn run<F, Fut>(layer: &'static F, event: Event, next: Next) -> BoxFuture<'static, Outcome>
where
    F: Fn(Event, Next) -> Fut,
    Fut: Future<Output: IntoOutcome> + Send + 'static,
{
    let result = layer(event, next);
    Box::pin(async { result.await.into_outcome() })
}

impl<F: 'static> fmt::Debug for LayeredHandler<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LayeredHandler").finish_non_exhaustive()
    }
}

impl<F: Sync + 'static> AnyHandler for LayeredHandler<F> {
    fn info(&self) -> HandlerInfo {
        self.handler.info()
    }

    fn is_blocking(&self) -> bool {
        self.handler.is_blocking()
    }

    fn layer(&self) -> Option<&'static str> {
        Some(self.layer_name)
    }

    fn call(&'static self, call: Box<Call>) -> PendingOutcome {
        let (states, entry) = (call.states.clone(), call.found.entry);
        let next = Next::new(states.clone(), move |mut event| {
            // Only the dispatcher can find the parameters of the pattern.
            let Some(Resolved { fields, params, .. }) = event.take_resolved() else {
                let error = Error::internal("the layer of a handler must pass on the event that it received");
                return Box::pin(async { error.into() });
            };
            let found = RouteMatch {
                entry,
                fields,
                params,
            };
            let call = Box::new(Call {
                event,
                found,
                // Layers can read the reply.
                format: Format::Protobuf,
                states: states.clone(),
            });
            match self.handler.call(call) {
                PendingOutcome::Now(outcome) => Box::pin(async { outcome }),
                PendingOutcome::Later(future) => future,
            }
        });
        PendingOutcome::Later((self.run)(&self.layer, call.into_event(), next))
    }
}
