//! Marks the threads that handlers may block.

use std::cell::Cell;

thread_local! {
    static IS_HANDLER_THREAD: Cell<bool> = const { Cell::new(false) };
}

/// Marks the current thread as one of the endpoint's pool, which handlers may block.
pub(crate) fn mark_handler_thread() {
    IS_HANDLER_THREAD.set(true);
}

/// Returns whether the current thread belongs to the endpoint's pool. The worker's threads and those of tests do not.
pub(crate) fn is_handler_thread() -> bool {
    IS_HANDLER_THREAD.get()
}
