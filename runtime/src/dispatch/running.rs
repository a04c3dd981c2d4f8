//! A handler under way: its panic, its time limit and its span.

use std::error::Error as _;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_core::future::BoxFuture;
use tokio::time::Sleep;
use tracing::Span;

use super::error_log::{Failed, log_error};
use super::layer::Next;
use crate::error::{Error, chain, panic_text};
use crate::event::{Event, Fields, Kind, Request};
use crate::handler::{Answering, AnyHandler, BLOCKING, Call, Outcome, Route};
use crate::logging::clip;
use crate::time::{COARSE, coarse_now};

/// What a time limit that no clock can hold comes to: a year.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 3600);

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

/// The event that is answered, for logs.
pub(super) struct Subject {
    kind: Kind,
    route: Option<&'static Route>,
    index: usize,
    request: Request,
    deadline: Option<Instant>,
}

impl Subject {
    pub(super) fn new(Call { event, found, .. }: &Call) -> Self {
        Self {
            kind: event.kind(),
            route: found.entry.map(|entry| entry.route),
            index: found.entry.map_or(usize::MAX, |entry| entry.index()),
            request: event.request().clone(),
            deadline: event.deadline(),
        }
    }

    fn handler(&self) -> &'static str {
        self.route.map_or("none", |route| route.name)
    }

    /// Read anew: few events are logged, and all would have to carry the fields.
    fn fields(&self) -> Fields {
        self.request.fields(self.kind).unwrap_or_default()
    }

    fn span(&self) -> Span {
        if !tracing::enabled!(target: "centrifugo::event", tracing::Level::DEBUG) {
            return Span::none();
        }
        let fields = self.fields();
        tracing::debug_span!(
            target: "centrifugo::event", "event",
            kind = %self.kind, pattern = self.route.and_then(|route| route.pattern), handler = self.handler(),
            target = ?clip(self.request.target(&fields, self.kind)), client = self.request.client(&fields, self.kind),
            outcome = tracing::field::Empty, duration = tracing::field::Empty,
        )
    }
}

/// How far the answer is.
#[allow(
    clippy::large_enum_variant,
    reason = "a box would cost every event an allocation"
)]
pub(super) enum Stage {
    /// Nothing of the user's has run yet.
    Begin(&'static dyn AnyHandler, Box<Call>),
    /// The same, with layers around it.
    Layered(Next, Event),
    Answering(BoxFuture<'static, Outcome>),
    /// It is over.
    End,
}

impl Stage {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Outcome> {
        if let Self::Answering(future) = self {
            return future.as_mut().poll(cx);
        }
        let mut future = match std::mem::replace(self, Self::End) {
            Self::Begin(handler, call) => match handler.call(call) {
                Answering::Now(outcome) => return Poll::Ready(outcome),
                Answering::Later(future) => future,
            },
            Self::Layered(layered, event) => layered.run(event),
            Self::Answering(_) | Self::End => return Poll::Pending,
        };
        let polled = future.as_mut().poll(cx);
        *self = Self::Answering(future);
        polled
    }
}

struct Handler {
    subject: Subject,
    limit: Duration,
    /// By [`coarse_now`].
    begun: Duration,
    started: Option<Instant>,
    stage: Stage,
    /// Whether it ends at its limit by itself.
    is_timed: bool,
    // Made at the first wait: a handler that answers at once costs no timer.
    sleep: Option<Pin<Box<Sleep>>>,
    span: Span,
}

impl Running {
    pub(super) fn ready(outcome: Outcome) -> Self {
        Self(Inner::Ready(Some(outcome)))
    }

    pub(super) fn new(subject: Subject, limit: Duration, stage: Stage) -> Self {
        let span = subject.span();
        let started = (!span.is_disabled()).then(Instant::now);
        Self(Inner::Handler(Handler {
            subject,
            limit,
            begun: coarse_now(),
            started,
            stage,
            is_timed: true,
            sleep: None,
            span,
        }))
    }

    /// The same without a timer, for a caller that enforces the time limit itself.
    pub(crate) fn untimed(mut self) -> Self {
        if let Inner::Handler(handler) = &mut self.0 {
            handler.is_timed = false;
        }
        self
    }

    /// How long the handler may take; nothing when no handler runs.
    pub(crate) fn limit(&self) -> Option<Duration> {
        match &self.0 {
            Inner::Ready(_) => None,
            Inner::Handler(handler) => Some(handler.limit),
        }
    }

    /// The handler's name, for logs.
    pub(crate) fn name(&self) -> &'static str {
        match &self.0 {
            Inner::Ready(_) => "",
            Inner::Handler(handler) => handler.subject.handler(),
        }
    }

    /// The handler's place in [`Dispatcher::routes`](super::Dispatcher::routes).
    pub(crate) fn route_index(&self) -> usize {
        match &self.0 {
            Inner::Ready(_) => usize::MAX,
            Inner::Handler(handler) => handler.subject.index,
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
        let outcome = match catch_unwind(AssertUnwindSafe(|| self.stage.poll(cx))) {
            Ok(Poll::Ready(outcome)) => outcome,
            Ok(Poll::Pending) if !self.is_timed => return Poll::Pending,
            Ok(Poll::Pending) => {
                let sleep = self.sleep.get_or_insert_with(|| {
                    // What ran before the first wait counts too, less what the clock may be behind.
                    let ran = coarse_now().saturating_sub(self.begun + COARSE);
                    let (now, left) = (Instant::now(), self.limit.saturating_sub(ran));
                    let own = now.checked_add(left).unwrap_or_else(|| now + FOR_EVER);
                    let deadline = self.subject.deadline.map_or(own, |theirs| theirs.min(own));
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
        if let Outcome::Error(error) = outcome {
            self.log_error(error);
        }
        if let Some(started) = self.started {
            self.span.record("outcome", outcome.word());
            self.span
                .record("duration", tracing::field::debug(started.elapsed()));
        }
    }

    fn log_error(&self, error: &Error) {
        let subject = &self.subject;
        let kind = subject.kind;
        if !error.is_internal() && !kind.fails_with_grace() && error.source().is_none() {
            // The client learns all that there is to it.
            return;
        }
        let fields = subject.fields();
        let failed = Failed {
            kind,
            handler: subject.handler(),
            client: subject.request.client(&fields, kind),
        };
        log_error(&failed, error, &text_for_log(error));
    }
}

/// An error with all that is behind it. A source is the user's: that its text panics must not end the program.
pub(super) fn text_for_log(error: &Error) -> String {
    catch_unwind(AssertUnwindSafe(|| chain(error)))
        .unwrap_or_else(|panic| format!("{error}: its text panicked: {}", panic_text(&*panic)))
}
