//! Wakers of connections. Their wakes can be deferred, so that the responses of several calls are written together, and wakes
//! during a poll that another poll follows are dropped.

use std::cell::Cell;
use std::mem::take;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

thread_local! {
    static DEFERS_WAKES: Cell<bool> = const { Cell::new(false) };
}

/// While this guard exists, wakes on this thread are deferred.
pub(super) struct DeferWakes(());

impl DeferWakes {
    pub(super) fn new() -> Self {
        DEFERS_WAKES.set(true);
        Self(())
    }
}

impl Drop for DeferWakes {
    fn drop(&mut self) {
        DEFERS_WAKES.set(false);
    }
}

/// The connections whose wake is deferred.
#[derive(Default)]
pub(super) struct DeferredWakes(Mutex<Vec<Arc<ConnectionWaker>>>);

impl DeferredWakes {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<ConnectionWaker>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the connections, which then write their responses.
    pub(super) fn wake_all(&self) {
        let connections = take(&mut *self.lock());
        for connection in connections {
            connection.is_deferred.swap(false, Ordering::AcqRel);
            connection.task().wake_by_ref();
        }
    }
}

/// The connection is not being polled.
const IDLE: u8 = 0;
/// The connection is being polled, and was not woken since the poll began.
const POLLED: u8 = 1;
/// The connection is being polled, and was woken since the poll began.
const WOKEN: u8 = 2;

/// The waker with which a connection is polled.
pub(super) struct ConnectionWaker {
    /// One of the constants above.
    state: AtomicU8,
    deferred: Arc<DeferredWakes>,
    /// The waker of the connection's task.
    task: Mutex<Waker>,
    /// Whether this waker is in `deferred`.
    is_deferred: AtomicBool,
}

impl ConnectionWaker {
    pub(super) fn new(deferred: Arc<DeferredWakes>) -> Self {
        Self {
            state: AtomicU8::new(IDLE),
            deferred,
            task: Mutex::new(Waker::noop().clone()),
            is_deferred: AtomicBool::new(false),
        }
    }

    pub(super) fn set_task(&self, waker: &Waker) {
        self.task().clone_from(waker);
    }

    /// Begins a poll of the connection, which sees everything that earlier wakes reported.
    pub(super) fn begin_poll(&self) {
        self.state.swap(POLLED, Ordering::AcqRel);
    }

    /// Ends the last poll. Returns whether the connection was woken since that poll began.
    pub(super) fn end_poll(&self) -> bool {
        self.state.swap(IDLE, Ordering::AcqRel) == WOKEN
    }

    /// Records a wake during a poll. Returns `false` if there is no poll.
    fn record_wake(&self) -> bool {
        // Writes the state even if it does not change, so that the next poll sees what happened before each wake.
        self.state
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |state| {
                (state != IDLE).then_some(WOKEN)
            })
            .is_ok()
    }

    fn task(&self) -> MutexGuard<'_, Waker> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for ConnectionWaker {
    fn wake(self: Arc<Self>) {
        if !DEFERS_WAKES.get() {
            if !self.record_wake() {
                self.task().wake_by_ref();
            }
        } else if !self.is_deferred.swap(true, Ordering::AcqRel) {
            let deferred = self.deferred.clone();
            deferred.lock().push(self);
        }
    }
}
