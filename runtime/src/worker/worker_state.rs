//! The state that the worker loop shares with the watchdog and the signal task: whether an event is being handled, and its
//! deadline.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use super::exit_deadline::ExitDeadline;
use crate::time::coarse_now;

const IDLE: u64 = 0;
const STOPPING: u64 = u64::MAX;

/// Stands for the `#[invalid]` function in place of a route index.
pub(crate) const INVALID_FUNCTION: usize = usize::MAX - 1;

pub(crate) struct WorkerState {
    /// `IDLE`, `STOPPING`, or the deadline of the current event in nanoseconds of [`coarse_now`]. All are in one word, so
    /// that an event costs two atomic writes.
    activity: AtomicU64,
    is_stop_requested: AtomicBool,
    /// The index of the current handler in the dispatcher's routes, for the watchdog's message.
    route_index: AtomicUsize,
    disconnected: Notify,
    /// Starts when a shutdown is first requested.
    pub(crate) exit_deadline: ExitDeadline,
}

/// What the worker loop is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activity {
    Idle,
    Stopping,
    /// It handles an event whose deadline is this time of [`coarse_now`].
    HandlingUntil(Duration),
}

impl WorkerState {
    pub(crate) fn new() -> Self {
        Self {
            activity: AtomicU64::new(IDLE),
            is_stop_requested: AtomicBool::new(false),
            route_index: AtomicUsize::new(0),
            disconnected: Notify::new(),
            exit_deadline: ExitDeadline::default(),
        }
    }

    /// Marks the start of an event. Returns `false` if the worker is stopping.
    pub(crate) fn begin_event(&self, limit: Duration, route_index: usize) -> bool {
        self.route_index.store(route_index, Ordering::Relaxed);
        self.activity
            .compare_exchange(IDLE, deadline(limit), Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }

    /// Starts a new time limit for the current event, which another function now handles.
    pub(crate) fn restart_limit(&self, limit: Duration, route_index: usize) {
        self.route_index.store(route_index, Ordering::Relaxed);
        self.activity.store(deadline(limit), Ordering::SeqCst);
    }

    /// Marks the end of an event. Returns `true` if a stop was requested meanwhile: the caller must then stop the worker.
    pub(crate) fn end_event(&self) -> bool {
        self.activity.store(IDLE, Ordering::SeqCst);
        self.is_stop_requested.load(Ordering::SeqCst) && self.stop_if_idle()
    }

    /// Requests a stop. Returns `true` if the worker is idle: the caller must then stop it.
    pub(crate) fn request_stop(&self) -> bool {
        self.is_stop_requested.store(true, Ordering::SeqCst);
        self.stop_if_idle()
    }

    /// Marks the end of the worker loop, whether or not the current event has a response.
    pub(crate) fn mark_stopping(&self) {
        self.activity.store(STOPPING, Ordering::SeqCst);
    }

    fn stop_if_idle(&self) -> bool {
        self.activity
            .compare_exchange(IDLE, STOPPING, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }

    pub(crate) fn activity(&self) -> Activity {
        match self.activity.load(Ordering::SeqCst) {
            IDLE => Activity::Idle,
            STOPPING => Activity::Stopping,
            nanos => Activity::HandlingUntil(Duration::from_nanos(nanos)),
        }
    }

    /// Waits until RoadRunner has closed the relay.
    pub(crate) async fn disconnected(&self) {
        self.disconnected.notified().await;
    }

    pub(crate) fn notify_disconnected(&self) {
        self.disconnected.notify_one();
    }

    pub(crate) fn route_index(&self) -> usize {
        self.route_index.load(Ordering::Relaxed)
    }
}

/// The deadline of an event that begins now, in nanoseconds of [`coarse_now`].
fn deadline(limit: Duration) -> u64 {
    u64::try_from(coarse_now().saturating_add(limit).as_nanos())
        .unwrap_or(STOPPING - 1)
        .clamp(IDLE + 1, STOPPING - 1)
}
