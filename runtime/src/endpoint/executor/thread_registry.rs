//! The threads that run handlers, and the parking of the watchdog that inspects them.

use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::Thread;
use std::time::Duration;

use super::thread_status::ThreadStatus;

#[derive(Default)]
pub(super) struct ThreadRegistry {
    threads: Mutex<Vec<Arc<ThreadStatus>>>,
    watchdog: OnceLock<Thread>,
    is_watchdog_parked: AtomicBool,
}

impl ThreadRegistry {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<ThreadStatus>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, is_io_thread: bool) -> Arc<ThreadStatus> {
        let thread = Arc::new(ThreadStatus::new(is_io_thread));
        self.lock().push(thread.clone());
        thread
    }

    pub(super) fn remove(&self, thread: &Arc<ThreadStatus>) {
        self.lock().retain(|other| !Arc::ptr_eq(other, thread));
    }

    pub(super) fn threads(&self) -> Vec<Arc<ThreadStatus>> {
        self.lock().clone()
    }

    /// Marks a thread as active: it may start to run a handler at any time. Unparks the watchdog.
    pub(super) fn activate(&self, thread: &ThreadStatus) {
        thread.set_active(true);
        // With the fence in `park_watchdog`: either this load sees that the watchdog is parked, or the watchdog sees that the
        // thread is active.
        fence(Ordering::SeqCst);
        if self.is_watchdog_parked.load(Ordering::Relaxed)
            && self.is_watchdog_parked.swap(false, Ordering::Relaxed)
            && let Some(watchdog) = self.watchdog.get()
        {
            watchdog.unpark();
        }
    }

    pub(super) fn deactivate(&self, thread: &ThreadStatus) {
        thread.set_active(false);
    }

    /// Returns how many threads run a handler.
    pub(super) fn running_count(&self) -> usize {
        self.lock().iter().filter(|thread| thread.is_running()).count()
    }

    pub(super) fn has_active(&self) -> bool {
        self.lock().iter().any(|thread| thread.is_active())
    }

    /// Parks the calling thread, which must be the watchdog, until a thread becomes active or the timeout elapses.
    pub(super) fn park_watchdog(&self, timeout: Duration) {
        self.watchdog.get_or_init(std::thread::current);
        self.is_watchdog_parked.store(true, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        if !self.has_active() {
            std::thread::park_timeout(timeout);
        }
        self.is_watchdog_parked.store(false, Ordering::Relaxed);
    }
}
