//! The future that runs a handler. It catches panics of the handler. It enforces the time limit, enters the span and records the
//! outcome, unless the caller has taken these over with [`DispatchFuture::hand_over`].

use std::error::Error as _;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_core::future::BoxFuture;
use tokio::time::Sleep;

use super::error_log::{FailedEvent, log_error};
use super::event_record::EventRecord;
use super::time_limit::TimeLimit;
use crate::error::{Error, HandlerFailure, chain, panic_text};
use crate::event::{Event, Fields, Kind, Request};
use crate::handler::{AnyHandler, BLOCKING, Call, Next, Outcome, PendingOutcome, Route};
use crate::logging::personal_id;
use crate::metrics::count_panic;
#[cfg(feature = "api")]
use crate::time::EventDeadline;
use crate::time::{COARSE, coarse_now};

/// Replaces a time limit that `Instant` cannot represent.
const ONE_YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// A future that runs the handler of one event and returns its [`Outcome`].
#[must_use = "an event is answered when its future is polled"]
pub struct DispatchFuture(Inner);

#[allow(
    clippy::large_enum_variant,
    reason = "nearly every event has a handler, for which a box would be one more allocation"
)]
enum Inner {
    Ready(Option<Outcome>),
    Handler(HandlerFuture),
}

/// The event and its route, for the log.
pub(super) struct EventInfo {
    kind: Kind,
    route: Option<&'static Route>,
    /// `usize::MAX` without a handler.
    route_index: usize,
    request: Request,
    deadline: Option<Instant>,
}

impl EventInfo {
    pub(super) fn new(Call { event, found, .. }: &Call) -> Self {
        Self {
            kind: event.kind(),
            route: found.entry.map(|entry| entry.route),
            route_index: found.entry.map_or(usize::MAX, |entry| entry.index()),
            request: event.request().clone(),
            deadline: event.deadline(),
        }
    }

    pub(super) fn route_index(&self) -> usize {
        self.route_index
    }

    fn handler_name(&self) -> &'static str {
        self.route.map_or("none", |route| route.name)
    }

    /// Parses the fields again. Few events are logged, and keeping the fields would make all of them larger.
    fn fields(&self) -> Fields {
        self.request.fields(self.kind).unwrap_or_default()
    }
}

/// The progress of a dispatched event.
#[allow(
    clippy::large_enum_variant,
    reason = "a box would be one more allocation for each event"
)]
pub(super) enum Stage {
    /// The handler is not called yet.
    CallHandler(&'static dyn AnyHandler, Box<Call>),
    /// The layers are not called yet.
    CallLayers(Next, Event),
    Pending(BoxFuture<'static, Outcome>),
    Done,
}

impl Stage {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Outcome> {
        if let Self::Pending(future) = self {
            return future.as_mut().poll(cx);
        }
        let mut future = match std::mem::replace(self, Self::Done) {
            Self::CallHandler(handler, call) => match handler.call(call) {
                PendingOutcome::Now(outcome) => return Poll::Ready(outcome),
                PendingOutcome::Later(future) => future,
            },
            Self::CallLayers(layers, event) => layers.run(event),
            Self::Pending(_) | Self::Done => return Poll::Pending,
        };
        let polled = future.as_mut().poll(cx);
        *self = Self::Pending(future);
        polled
    }
}

struct HandlerFuture {
    info: EventInfo,
    limit: TimeLimit,
    /// The start by [`coarse_now`].
    started: Duration,
    stage: Stage,
    /// Created when the handler is first pending, so that a handler that is ready at once needs no timer.
    sleep: Option<Pin<Box<Sleep>>>,
    /// `None` after the end, and after [`DispatchFuture::hand_over`].
    record: Option<EventRecord>,
}

impl DispatchFuture {
    pub(super) fn ready(outcome: Outcome) -> Self {
        Self(Inner::Ready(Some(outcome)))
    }

    pub(super) fn new(info: EventInfo, limit: TimeLimit, stage: Stage, record: EventRecord) -> Self {
        Self(Inner::Handler(HandlerFuture {
            info,
            limit,
            started: coarse_now(),
            stage,
            sleep: None,
            record: Some(record),
        }))
    }

    /// Returns the time limit of the handler, or `None` if the event has no handler.
    pub(crate) fn limit(&self) -> Option<TimeLimit> {
        match &self.0 {
            Inner::Ready(_) => None,
            Inner::Handler(handler) => Some(handler.limit),
        }
    }

    /// Leaves it to the caller to enforce the time limit, to enter the span for each poll and for the drop, and to record the
    /// outcome. Returns `None` without a handler.
    pub(crate) fn hand_over(&mut self) -> Option<(EventRecord, TimeLimit)> {
        match &mut self.0 {
            Inner::Ready(_) => None,
            Inner::Handler(handler) => Some((handler.record.take()?, handler.limit)),
        }
    }

    /// Returns the handler's name, for the log.
    pub(crate) fn handler_name(&self) -> &'static str {
        match &self.0 {
            Inner::Ready(_) => "",
            Inner::Handler(handler) => handler.info.handler_name(),
        }
    }

    /// Returns the handler's index in [`Dispatcher::routes`](super::Dispatcher::routes).
    pub(crate) fn route_index(&self) -> usize {
        match &self.0 {
            Inner::Ready(_) => usize::MAX,
            Inner::Handler(handler) => handler.info.route_index,
        }
    }
}

impl Future for DispatchFuture {
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

impl HandlerFuture {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Outcome> {
        let Some(record) = self.record.take() else {
            return self.poll_handler(cx, false);
        };
        let polled = record.span_owner().in_scope(|| self.poll_handler(cx, true));
        match &polled {
            Poll::Ready(outcome) => record.end(outcome),
            Poll::Pending => self.record = Some(record),
        }
        polled
    }

    fn poll_handler(&mut self, cx: &mut Context<'_>, enforces_timeout: bool) -> Poll<Outcome> {
        #[cfg(feature = "api")]
        let _deadline = EventDeadline {
            started: self.started,
            timeout: self.limit.duration,
            caller: self.info.deadline,
        }
        .enter();
        let outcome = match catch_unwind(AssertUnwindSafe(|| self.stage.poll(cx))) {
            Ok(Poll::Ready(outcome)) => outcome,
            Ok(Poll::Pending) if !enforces_timeout => return Poll::Pending,
            Ok(Poll::Pending) => {
                let sleep = self.sleep.get_or_insert_with(|| {
                    // The time of the first poll counts too. The coarse clock may be late by `COARSE`.
                    let elapsed = coarse_now().saturating_sub(self.started + COARSE);
                    let (now, left) = (Instant::now(), self.limit.duration.saturating_sub(elapsed));
                    let own = now.checked_add(left).unwrap_or_else(|| now + ONE_YEAR);
                    let deadline = self.info.deadline.map_or(own, |callers| callers.min(own));
                    Box::pin(tokio::time::sleep_until(deadline.into()))
                });
                if sleep.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
                self.drop_handler();
                Outcome::Error(Error::internal(HandlerFailure::TimedOut(self.timeout_text())))
            }
            Err(panic) => {
                self.drop_handler();
                let text = panic_text(&*panic).to_owned();
                Outcome::Error(Error::internal(HandlerFailure::Panicked(text)))
            }
        };
        self.log(&outcome);
        Poll::Ready(outcome)
    }

    /// Drops the handler, and catches its panics.
    fn drop_handler(&mut self) {
        let stage = std::mem::replace(&mut self.stage, Stage::Done);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(stage))) {
            self.log_drop_panic(panic_text(&*panic));
        }
    }

    fn timeout_text(&self) -> String {
        let elapsed = coarse_now().saturating_sub(self.started);
        let limit = match self.info.deadline {
            Some(_) if elapsed + COARSE < self.limit.duration => TimeLimit::of_caller(elapsed),
            _ => self.limit,
        };
        let blocking = match BLOCKING.load(Ordering::Relaxed) {
            0 => String::new(),
            count => format!("; {count} blocking handlers are still running"),
        };
        format!("no reply within {limit}{blocking}")
    }

    fn log(&self, outcome: &Outcome) {
        if let Outcome::Error(error) = outcome {
            self.log_error(error);
        }
    }

    fn log_error(&self, error: &Error) {
        let info = &self.info;
        let kind = info.kind;
        if !error.is_internal() && !kind.fails_with_grace() && error.source().is_none() {
            // The client receives the whole error.
            return;
        }
        let fields = info.fields();
        let failed = FailedEvent {
            kind,
            handler: info.handler_name(),
            client: info.request.client(&fields, kind),
        };
        log_error(&failed, error, &text_for_log(error));
    }

    fn log_drop_panic(&self, panic: &str) {
        let (info, fields) = (&self.info, self.info.fields());
        count_panic(info.handler_name());
        let client = personal_id(info.request.client(&fields, info.kind));
        tracing::error!(
            target: "centrifugo", kind = %info.kind, handler = info.handler_name(), %client, panic,
            "handler panicked when it was dropped"
        );
    }
}

impl Drop for HandlerFuture {
    fn drop(&mut self) {
        if matches!(self.stage, Stage::Done) {
            return;
        }
        match self.record.take() {
            None => self.drop_handler(),
            // The record ends after the handler.
            Some(record) => record.span_owner().in_scope(|| self.drop_handler()),
        }
    }
}

/// Returns the text of an error with its sources. A `Display` implementation of the program may panic: this catches it.
pub(super) fn text_for_log(error: &Error) -> String {
    catch_unwind(AssertUnwindSafe(|| chain(error)))
        .unwrap_or_else(|panic| format!("{error}: formatting the error panicked: {}", panic_text(&*panic)))
}

impl fmt::Debug for DispatchFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DispatchFuture(..)")
    }
}
