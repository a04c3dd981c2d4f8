//! The time limit of the event whose handler runs on this thread.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::coarse_clock::{COARSE, coarse_now};

thread_local! {
    static CURRENT: Cell<Option<EventDeadline>> = const { Cell::new(None) };
}

/// When an event is answered at the latest. Calls of the server API inside its handler end before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EventDeadline {
    /// The start of the event by [`coarse_now`].
    pub(crate) started: Duration,
    /// The time limit of the handler.
    pub(crate) timeout: Duration,
    /// The time at which the caller stops waiting.
    pub(crate) caller: Option<Instant>,
}

impl EventDeadline {
    /// Makes it the deadline of this thread until the guard is dropped.
    pub(crate) fn enter(self) -> EnteredDeadline {
        EnteredDeadline(CURRENT.replace(Some(self)))
    }

    /// Returns the deadline of this thread. There is none outside of handlers, and in tasks that handlers have spawned.
    pub(crate) fn current() -> Option<Self> {
        CURRENT.get()
    }

    /// Returns the time until the deadline.
    pub(crate) fn remaining(&self) -> Duration {
        // The clock may be behind by `COARSE`.
        let elapsed = (coarse_now() + COARSE).saturating_sub(self.started);
        let remaining = self.timeout.saturating_sub(elapsed);
        match self.caller {
            Some(caller) => remaining.min(caller.saturating_duration_since(Instant::now())),
            None => remaining,
        }
    }
}

/// Restores the deadline that the thread had before.
pub(crate) struct EnteredDeadline(Option<EventDeadline>);

impl Drop for EnteredDeadline {
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
}
