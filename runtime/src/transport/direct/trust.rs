//! Which handlers run where their event was read, without a task and a timer of their own: those that have shown that they
//! don't hold up a thread.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use super::awake::TICK;
use super::front::GRACE;
use crate::dispatch::{Dispatcher, Route};

/// After so many answers in a row without a slow poll a handler is trusted.
const PROVEN: u32 = 100;

/// A poll during which so many ticks passed holds up a thread: it took longer than all of them but one.
const SLOW: u32 = 2;

/// Places for threads: with more of them two may share one, and the watch may miss a poll.
const PLACES: usize = 64;

/// What is known of each handler, and what runs in place now.
pub(super) struct Trust {
    records: Vec<Record>,
    places: [Place; PLACES],
    /// Passes while there are active events; a clock would cost every event more. It may wrap around.
    ticks: AtomicU32,
}

struct Record {
    route: &'static Route,
    limit: Duration,
    /// Answers in a row without a slow poll, up to `PROVEN`.
    quick: AtomicU32,
    /// It once did not yield within its limit: it gets threads where it may block.
    blocks: AtomicBool,
}

/// What a thread polls; on a cache line of its own.
#[repr(align(64))]
struct Place {
    /// The handler, or `NOBODY`.
    handler: AtomicUsize,
    /// The tick when it began.
    begun: AtomicU32,
}

const NOBODY: usize = usize::MAX;

impl Trust {
    pub(super) fn new(dispatcher: &Dispatcher) -> Self {
        let records = dispatcher.routes().iter().map(|route| Record {
            route,
            limit: dispatcher.limit_of(route),
            quick: AtomicU32::new(0),
            blocks: AtomicBool::new(false),
        });
        Self {
            records: records.collect(),
            places: std::array::from_fn(|_| Place {
                handler: AtomicUsize::new(NOBODY),
                begun: AtomicU32::new(0),
            }),
            ticks: AtomicU32::new(0),
        }
    }

    /// Whether a handler may run in place.
    pub(super) fn has(&self, handler: usize) -> bool {
        let record = self.records.get(handler);
        record.is_some_and(|record| {
            record.quick.load(Ordering::Relaxed) >= PROVEN && !record.blocks.load(Ordering::Relaxed)
        })
    }

    /// Whether a handler is known not to yield.
    pub(super) fn blocks(&self, handler: usize) -> bool {
        let record = self.records.get(handler);
        record.is_some_and(|record| record.blocks.load(Ordering::Relaxed))
    }

    pub(super) fn set_blocks(&self, handler: usize) {
        if let Some(record) = self.records.get(handler) {
            record.blocks.store(true, Ordering::Relaxed);
        }
    }

    /// The future, with each of its polls timed; of those in place, one that does not end is seen by [`Self::look`].
    pub(super) fn watch<F>(self: &Arc<Self>, handler: usize, in_place: bool, future: F) -> Watched<F>
    where
        F: Future + Unpin,
    {
        Watched {
            trust: self.clone(),
            handler,
            in_place,
            future,
        }
    }

    /// To be called once a [`TICK`]. Looks for handlers that run in place and are past their limits: nobody can answer for
    /// these but the caller's own time limit; from now on they are not trusted.
    pub(super) fn tick(&self) {
        let now = self.ticks.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        for place in &self.places {
            let handler = place.handler.load(Ordering::Acquire);
            let begun = place.begun.load(Ordering::Acquire);
            let Some(record) = self.records.get(handler) else {
                continue;
            };
            let ran = TICK * now.wrapping_sub(begun);
            if ran > record.limit.saturating_add(GRACE)
                && place.handler.load(Ordering::Acquire) == handler
                && place.begun.load(Ordering::Acquire) == begun
                && !record.blocks.swap(true, Ordering::Relaxed)
            {
                tracing::error!(
                    target: "centrifugo", kind = %record.route.kind, handler = record.route.name,
                    "a handler that used to be quick never yielded within its time limit, and still runs: its caller gets \
                     no answer; from now on it gets threads where it may block, as `blocking` would give it"
                );
            }
        }
    }

    fn poll<T>(&self, handler: usize, in_place: bool, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        let Some(record) = self.records.get(handler) else {
            return poll();
        };
        let begun = self.ticks.load(Ordering::Relaxed);
        let polled = if in_place {
            self.poll_in_place(handler, begun, poll)
        } else {
            poll()
        };
        let quick = record.quick.load(Ordering::Relaxed);
        if self.ticks.load(Ordering::Relaxed).wrapping_sub(begun) >= SLOW {
            record.quick.store(0, Ordering::Relaxed);
        } else if polled.is_ready() && quick < PROVEN {
            record.quick.store(quick + 1, Ordering::Relaxed);
        }
        polled
    }

    fn poll_in_place<T>(&self, handler: usize, begun: u32, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        let place = &self.places[PLACE.with(|place| *place)];
        // Another thread's, when they share it.
        let free = place.handler.load(Ordering::Relaxed) == NOBODY;
        if free {
            place.begun.store(begun, Ordering::Release);
            place.handler.store(handler, Ordering::Release);
        }
        let polled = poll();
        if free {
            place.handler.store(NOBODY, Ordering::Release);
        }
        polled
    }
}

static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static PLACE: usize = THREADS.fetch_add(1, Ordering::Relaxed) % PLACES;
}

/// A handler under watch.
pub(super) struct Watched<F> {
    trust: Arc<Trust>,
    handler: usize,
    in_place: bool,
    future: F,
}

impl<F: Future + Unpin> Future for Watched<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Self {
            trust,
            handler,
            in_place,
            future,
        } = self.get_mut();
        trust.poll(*handler, *in_place, || Pin::new(future).poll(cx))
    }
}
