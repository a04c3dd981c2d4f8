//! What kind of thread a handler runs on, for those that are known to block.

use std::cell::Cell;

/// Who runs a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HandlerThread {
    /// A thread whose owner knows nothing of handlers: the worker of RoadRunner, a test.
    Other,
    /// A thread that others need: a handler that blocks must wait for one of the pool.
    Inline,
    /// A thread of the pool, where a handler may block.
    Pool,
}

thread_local! {
    static CURRENT: Cell<HandlerThread> = const { Cell::new(HandlerThread::Other) };
}

impl HandlerThread {
    pub(crate) fn current() -> Self {
        CURRENT.get()
    }

    /// Says what this thread is, to its end.
    pub(crate) fn set(self) {
        CURRENT.set(self);
    }

    /// Says what this thread is, until the guard is dropped.
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
