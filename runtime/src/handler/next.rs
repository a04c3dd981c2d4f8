//! The continuation of a layer.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::future::BoxFuture;
use tower_service::Service;

use super::outcome::Outcome;
use super::state::States;
use crate::event::Event;

type Run = dyn Fn(Event) -> BoxFuture<'static, Outcome> + Send + Sync;

/// The service that a layer calls next: the next layer, or the handlers.
///
/// It is a tower service that takes an [`Event`] and returns an [`Outcome`].
#[derive(Clone)]
pub struct Next {
    run: Arc<Run>,
    states: Arc<States>,
}

impl Next {
    pub(crate) fn new(
        states: Arc<States>,
        run: impl Fn(Event) -> BoxFuture<'static, Outcome> + Send + Sync + 'static,
    ) -> Self {
        Self {
            run: Arc::new(run),
            states,
        }
    }

    /// Passes the event on and returns its outcome.
    pub fn run(&self, event: Event) -> BoxFuture<'static, Outcome> {
        (self.run)(event)
    }

    /// Returns the program's state of a type, if there is one.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.states.get()
    }

    pub(crate) fn states(&self) -> &Arc<States> {
        &self.states
    }
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
        f.debug_struct("Next").finish_non_exhaustive()
    }
}
