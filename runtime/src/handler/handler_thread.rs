//! The kind of the current thread, for handlers that block.

use std::cell::Cell;

/// The kind of thread that runs a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HandlerThread {
    /// A thread outside of the endpoint, such as that of the worker or of a test.
    Other,
    /// A thread that serves connections. A handler that blocks has to wait for a thread of the pool.
    Inline,
    /// A thread of the pool, which a handler may block.
    Pool,
}

thread_local! {
    static CURRENT: Cell<HandlerThread> = const { Cell::new(HandlerThread::Other) };
}

impl HandlerThread {
    pub(crate) fn current() -> Self {
        CURRENT.get()
    }

    /// Sets the kind of the current thread until the thread ends.
    pub(crate) fn set(self) {
        CURRENT.set(self);
    }

    /// Sets the kind of the current thread until the guard is dropped.
    pub(crate) fn enter(self) -> impl Drop {
        struct Entered(HandlerThread);
        impl Drop for Entered {
            fn drop(&mut self) {
                CURRENT.set(self.0);
            }
        }
        Entered(CURRENT.replace(self))
    }
}
