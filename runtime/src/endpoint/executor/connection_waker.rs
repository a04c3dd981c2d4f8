//! Wakers of connections that can be deferred, so that the responses of several calls are written together.

use std::cell::Cell;
use std::mem::take;
use std::sync::atomic::{AtomicBool, Ordering};
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
            connection.is_deferred.store(false, Ordering::Release);
            connection.task().wake_by_ref();
        }
    }
}

/// The waker with which a connection is polled.
pub(super) struct ConnectionWaker {
    deferred: Arc<DeferredWakes>,
    /// The waker of the connection's task.
    task: Mutex<Waker>,
    /// Whether this waker is in `deferred`.
    is_deferred: AtomicBool,
}

impl ConnectionWaker {
    pub(super) fn new(deferred: Arc<DeferredWakes>) -> Self {
        Self {
            deferred,
            task: Mutex::new(Waker::noop().clone()),
            is_deferred: AtomicBool::new(false),
        }
    }

    pub(super) fn set_task(&self, waker: &Waker) {
        self.task().clone_from(waker);
    }

    fn task(&self) -> MutexGuard<'_, Waker> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for ConnectionWaker {
    fn wake(self: Arc<Self>) {
        if !DEFERS_WAKES.get() {
            self.task().wake_by_ref();
        } else if !self.is_deferred.swap(true, Ordering::AcqRel) {
            let deferred = self.deferred.clone();
            deferred.lock().push(self);
        }
    }
}
