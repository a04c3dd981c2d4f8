//! A handler under way: its panic, its time limit and its span.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::time::Sleep;
use tracing::Span;

use super::Outcome;
use super::route::{Call, Route};
use crate::error::Error;
use crate::event::Kind;
use crate::event::fields::{self, Fields};
use crate::state::BoxFuture;

/// Blocking handlers whose thread still runs.
pub(crate) static BLOCKING: AtomicUsize = AtomicUsize::new(0);

/// The future of one event's [`Outcome`].
pub struct Running(Inner);

#[allow(
    clippy::large_enum_variant,
    reason = "nearly every event has a handler: a box would cost each an allocation"
)]
enum Inner {
    Ready(Option<Outcome>),
    Handler(Handler),
}

struct Handler {
    route: &'static Route,
    index: usize,
    limit: Duration,
    caller: Option<Instant>,
    started: Option<Instant>,
    body: Bytes,
    fields: Fields,
    future: BoxFuture<Outcome>,
    // Made at the first wait: a handler that answers at once costs no timer.
    sleep: Option<Pin<Box<Sleep>>>,
    span: Span,
}

impl Running {
    pub(super) fn ready(outcome: Outcome) -> Self {
        Self(Inner::Ready(Some(outcome)))
    }

    pub(super) fn new(route: &'static Route, index: usize, limit: Duration, call: Call) -> Self {
        let (body, fields, caller) = (call.event.body().clone(), call.fields, call.event.deadline());
        let span = if tracing::enabled!(target: "centrifugo::event", tracing::Level::DEBUG) {
            tracing::debug_span!(
                target: "centrifugo::event", "event",
                kind = %route.kind, pattern = route.pattern, handler = route.name,
                target = fields.text(&body, route.kind.layout().target), client = client(&fields, &body, route.kind),
                outcome = tracing::field::Empty, duration = tracing::field::Empty,
            )
        } else {
            Span::none()
        };
        let started = (!span.is_disabled()).then(Instant::now);
        // The future is made, not run: nothing of the user's can panic here.
        let future = (route.call)(call);
        Self(Inner::Handler(Handler {
            route,
            index,
            limit,
            caller,
            started,
            body,
            fields,
            future,
            sleep: None,
            span,
        }))
    }

    /// How long the handler may take; nothing when no handler runs.
    pub(crate) fn limit(&self) -> Option<Duration> {
        match &self.0 {
            Inner::Ready(_) => None,
            Inner::Handler(handler) => Some(handler.limit),
        }
    }

    /// The handler's name, for logs.
    #[cfg(feature = "_direct")]
    pub(crate) fn name(&self) -> &'static str {
        match &self.0 {
            Inner::Ready(_) => "",
            Inner::Handler(handler) => handler.route.name,
        }
    }

    /// The handler's place in [`Dispatcher::routes`](super::Dispatcher::routes).
    pub(crate) fn route_index(&self) -> usize {
        match &self.0 {
            Inner::Ready(_) => usize::MAX,
            Inner::Handler(handler) => handler.index,
        }
    }
}

impl Future for Running {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        match &mut self.get_mut().0 {
            Inner::Ready(outcome) => match outcome.take() {
                Some(outcome) => Poll::Ready(outcome),
                None => Poll::Pending,
            },
            Inner::Handler(handler) => handler.poll(cx),
        }
    }
}

impl Handler {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Outcome> {
        let span = self.span.clone();
        let _entered = span.enter();
        let outcome = match catch_unwind(AssertUnwindSafe(|| self.future.as_mut().poll(cx))) {
            Ok(Poll::Ready(outcome)) => outcome,
            Ok(Poll::Pending) => {
                let sleep = self.sleep.get_or_insert_with(|| {
                    // What ran before the first wait took no time worth a look at the clock for each event.
                    let own = Instant::now() + self.limit;
                    let deadline = self.caller.map_or(own, |theirs| theirs.min(own));
                    Box::pin(tokio::time::sleep_until(deadline.into()))
                });
                if sleep.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
                Outcome::Error(Error::internal(format!(
                    "no answer within the time limit ({} blocking handlers still run)",
                    BLOCKING.load(Ordering::Relaxed)
                )))
            }
            Err(panic) => Outcome::Error(Error::internal(format!("panicked: {}", panic_text(&*panic)))),
        };
        self.log(&outcome);
        Poll::Ready(outcome)
    }

    fn log(&self, outcome: &Outcome) {
        let route = self.route;
        if let Outcome::Error(error) = outcome {
            let client = client(&self.fields, &self.body, route.kind);
            if error.is_internal() {
                tracing::error!(target: "centrifugo", kind = %route.kind, handler = route.name, client, %error, "handler failed");
            } else if route.kind.fails_with_grace() {
                let means = if error.is_temporary() { "grace" } else { "expired" };
                tracing::warn!(target: "centrifugo", kind = %route.kind, handler = route.name, client, %error, means, "Centrifugo reads no error here");
            }
        }
        if let Some(started) = self.started {
            self.span.record("outcome", outcome.word());
            self.span
                .record("duration", tracing::field::debug(started.elapsed()));
        }
    }
}

/// The client's id, for logs.
fn client<'a>(fields: &Fields, body: &'a [u8], kind: Kind) -> &'a str {
    if kind.layout().has(fields::PROTOCOL) {
        fields.text(body, fields::CLIENT)
    } else {
        ""
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a value that is not text")
}
