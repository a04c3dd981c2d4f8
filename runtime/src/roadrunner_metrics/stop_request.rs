//! Tells the reporter to end, and waits for its last report for a limited time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[derive(Default)]
pub(super) struct StopRequest {
    state: Mutex<StopState>,
    changed: Condvar,
}

#[derive(Default)]
struct StopState {
    /// When the last report must be complete.
    deadline: Option<Instant>,
    has_ended: bool,
}

impl StopRequest {
    fn state(&self) -> MutexGuard<'_, StopState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Requests the end, and waits until the reporter has ended or the limit is over.
    pub(super) fn request(&self, limit: Duration) {
        let mut state = self.state();
        state.deadline.get_or_insert_with(|| Instant::now() + limit);
        self.changed.notify_all();
        let is_running = |state: &mut StopState| !state.has_ended;
        drop(self.changed.wait_timeout_while(state, limit, is_running));
    }

    /// Waits until the end is requested or the time is over. Returns whether the end is requested.
    pub(super) fn wait(&self, time: Duration) -> bool {
        let is_unrequested = |state: &mut StopState| state.deadline.is_none();
        let waited = self
            .changed
            .wait_timeout_while(self.state(), time, is_unrequested);
        waited
            .unwrap_or_else(PoisonError::into_inner)
            .0
            .deadline
            .is_some()
    }

    /// Returns whether the end is requested.
    pub(super) fn is_requested(&self) -> bool {
        self.state().deadline.is_some()
    }

    /// Returns whether the time for the last report is over.
    pub(super) fn is_overdue(&self) -> bool {
        self.state()
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Records that the reporter has ended.
    pub(super) fn end(&self) {
        self.state().has_ended = true;
        self.changed.notify_all();
    }
}
