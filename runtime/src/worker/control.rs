//! What the worker loop, the watchdog and the signals share: whether an event is in hand, and until when.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use super::exit_deadline::Last;
use crate::time::coarse_now;

const IDLE: u64 = 0;
const STOPPING: u64 = u64::MAX;

/// In place of a handler: the `#[invalid]` function.
pub(crate) const INVALID: usize = usize::MAX - 1;

/// One word, so that an event costs two atomic writes.
pub(crate) struct Control {
    /// `IDLE`, `STOPPING`, or the deadline of the event in hand in nanoseconds of [`coarse_now`].
    word: AtomicU64,
    stop: AtomicBool,
    /// The handler in hand, for the watchdog's message: the address of its name would need unsafe code.
    route: AtomicUsize,
    gone: Notify,
    /// Runs from the first that asked for the end.
    pub(crate) last: Last,
}

/// What the worker does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activity {
    Idle,
    Stopping,
    /// A time of [`coarse_now`].
    Until(Duration),
}

impl Control {
    pub(crate) fn new() -> Self {
        Self {
            word: AtomicU64::new(IDLE),
            stop: AtomicBool::new(false),
            route: AtomicUsize::new(0),
            gone: Notify::new(),
            last: Last::default(),
        }
    }

    /// Takes an event in hand; `false` when the worker stops.
    pub(crate) fn begin(&self, limit: Duration, route: usize) -> bool {
        self.route.store(route, Ordering::Relaxed);
        self.word
            .compare_exchange(IDLE, deadline(limit), Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }

    /// Goes on with the event in hand, within a new limit.
    pub(crate) fn go_on(&self, limit: Duration, route: usize) {
        self.route.store(route, Ordering::Relaxed);
        self.word.store(deadline(limit), Ordering::SeqCst);
    }

    /// The event is answered; `true` when the worker was told to stop meanwhile, and the caller is the one to do it.
    pub(crate) fn end(&self) -> bool {
        self.word.store(IDLE, Ordering::SeqCst);
        self.stop.load(Ordering::SeqCst) && self.take_stop()
    }

    /// Tells the worker to stop; `true` when it is idle, and the caller is the one to do it.
    pub(crate) fn request_stop(&self) -> bool {
        self.stop.store(true, Ordering::SeqCst);
        self.take_stop()
    }

    /// The loop has ended, with or without an answer to the event in hand.
    pub(crate) fn close(&self) {
        self.word.store(STOPPING, Ordering::SeqCst);
    }

    fn take_stop(&self) -> bool {
        self.word
            .compare_exchange(IDLE, STOPPING, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }

    pub(crate) fn activity(&self) -> Activity {
        match self.word.load(Ordering::SeqCst) {
            IDLE => Activity::Idle,
            STOPPING => Activity::Stopping,
            nanos => Activity::Until(Duration::from_nanos(nanos)),
        }
    }

    /// Ends when RoadRunner is gone.
    pub(crate) async fn gone(&self) {
        self.gone.notified().await;
    }

    pub(crate) fn set_gone(&self) {
        self.gone.notify_one();
    }

    pub(crate) fn route(&self) -> usize {
        self.route.load(Ordering::Relaxed)
    }
}

/// The word for an event that begins now.
fn deadline(limit: Duration) -> u64 {
    u64::try_from(coarse_now().saturating_add(limit).as_nanos())
        .unwrap_or(STOPPING - 1)
        .clamp(IDLE + 1, STOPPING - 1)
}
