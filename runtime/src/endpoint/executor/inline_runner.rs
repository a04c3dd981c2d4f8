//! Runs short handlers inline: on the I/O thread that read their event. Moving them to another thread would take longer than
//! the handlers themselves.
//!
//! One I/O thread always stays free of handlers. The call or connection that waits for an inline handler is stored in the
//! thread's status. If the handler blocks, the watchdog moves it to another thread. What it cannot move is the task that the thread
//! has woken last, which tokio keeps for that thread: if there is one, it waits until the handler ends.

use std::cell::RefCell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_core::future::BoxFuture;
use tokio::runtime::Handle;

use super::handler_pool::HandlerPool;
use super::job::Job;
use super::slow_handlers::SlowHandlers;
use super::thread_registry::ThreadRegistry;
use super::thread_status::{DeferredIo, EndedPoll, ThreadStatus};
use crate::error::panic_text;
use crate::handler::HandlerThread;

/// How often a thread yields while it waits for a permit.
const YIELDS: usize = 3;

/// Runs handlers on I/O threads. A permit is the right to do so.
pub(super) struct InlineRunner {
    /// A status for each permit.
    statuses: Box<[Arc<ThreadStatus>]>,
    /// The indices of the permits that are not held.
    free: Mutex<Vec<usize>>,
    /// How many permits are held by a thread that is blocked, whose I/O was moved to another thread.
    blocked: AtomicUsize,
    threads: Arc<ThreadRegistry>,
    slow_handlers: Arc<SlowHandlers>,
    pool: Arc<HandlerPool>,
    io_runtime: Handle,
}

/// A handler to run on the I/O thread, as soon as the future that polled it has returned.
pub(super) struct InlineHandler {
    job: Arc<Job>,
    future: BoxFuture<'static, ()>,
}

/// Polls futures that may leave a handler to run inline: see [`run_inline`].
pub(super) struct InlinePoller {
    /// `None` during a poll.
    current: Option<InlinePoll>,
}

/// A poll of a future that may leave one handler to run inline.
struct InlinePoll {
    permit: Option<InlinePermit>,
    handler: Option<InlineHandler>,
    runner: Arc<InlineRunner>,
}

thread_local! {
    /// The poll that this thread is in.
    static CURRENT_POLL: RefCell<Option<InlinePoll>> = const { RefCell::new(None) };
}

/// Ends the poll that this thread is in, also if it panics: its permit becomes free, and no later call leaves its handler there.
struct EndPollOnDrop;

impl Drop for EndPollOnDrop {
    fn drop(&mut self) {
        drop(CURRENT_POLL.take());
    }
}

/// The right to run handlers on an I/O thread.
pub(super) struct InlinePermit {
    index: usize,
    runner: Arc<InlineRunner>,
}

impl InlinePermit {
    fn thread(&self) -> &ThreadStatus {
        &self.runner.statuses[self.index]
    }
}

impl Drop for InlinePermit {
    fn drop(&mut self) {
        self.runner.threads.deactivate(self.thread());
        self.runner
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(self.index);
    }
}

impl InlineRunner {
    /// Creates a runner for an I/O runtime with `thread_count` threads.
    pub(super) fn new(
        io_runtime: Handle,
        thread_count: usize,
        threads: Arc<ThreadRegistry>,
        slow_handlers: Arc<SlowHandlers>,
        pool: Arc<HandlerPool>,
    ) -> Self {
        let permit_count = thread_count.saturating_sub(1);
        Self {
            statuses: (0..permit_count).map(|_| threads.add(true)).collect(),
            free: Mutex::new((0..permit_count).collect()),
            blocked: AtomicUsize::new(0),
            threads,
            slow_handlers,
            pool,
            io_runtime,
        }
    }

    pub(super) fn io_runtime(&self) -> &Handle {
        &self.io_runtime
    }

    pub(super) fn permit_count(&self) -> usize {
        self.statuses.len()
    }

    pub(super) fn try_acquire(self: &Arc<Self>) -> Option<InlinePermit> {
        let index = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
        self.threads.activate(&self.statuses[index]);
        Some(InlinePermit {
            index,
            runner: self.clone(),
        })
    }

    /// Acquires a permit, and yields to other threads a few times if none is free. The thread that holds it may only be waiting
    /// for this CPU. Without a permit, this thread would send all its handlers to the pool.
    fn acquire(self: &Arc<Self>) -> Option<InlinePermit> {
        for _ in 0..YIELDS {
            let permit = self.try_acquire();
            if permit.is_some() || self.has_blocked() {
                return permit;
            }
            std::thread::yield_now();
        }
        self.try_acquire()
    }

    /// Returns whether a handler blocks an I/O thread.
    pub(super) fn has_blocked(&self) -> bool {
        self.blocked.load(Ordering::SeqCst) > 0
    }

    /// Records that a handler blocks an I/O thread, whose I/O was moved to another thread.
    pub(super) fn mark_blocked(&self) {
        self.blocked.fetch_add(1, Ordering::SeqCst);
    }

    /// Polls a handler once on this thread, and moves it to the pool if it is pending. Returns the I/O that waited for it, or
    /// `None` if the watchdog moved that to another thread.
    pub(super) fn run(
        &self,
        permit: &InlinePermit,
        handler: InlineHandler,
        io: DeferredIo,
    ) -> Option<DeferredIo> {
        let InlineHandler { job, future } = handler;
        let mut future = Some(future);
        let thread = permit.thread();
        thread.begin_poll(job, Some(io));
        let polled = {
            let _entered = self.pool.runtime().enter();
            let _thread = HandlerThread::Inline.enter();
            catch_unwind(AssertUnwindSafe(|| poll_once(&mut future))).inspect_err(|_| {
                let _ = catch_unwind(AssertUnwindSafe(|| drop(future.take())));
            })
        };
        let EndedPoll {
            job,
            deferred,
            elapsed,
        } = thread.end_poll()?;
        self.slow_handlers.record(job.route_index, elapsed);
        if deferred.is_none() {
            self.blocked.fetch_sub(1, Ordering::SeqCst);
        }
        if let Err(panic) = polled {
            tracing::error!(
                target: "centrifugo", handler = job.handler, panic = panic_text(&*panic), "code of the program panicked"
            );
        }
        if let Some(future) = future {
            // The pool polls it again, with a waker that works.
            self.pool.spawn(job, future);
        }
        deferred
    }
}

/// Polls a future, and drops it if it has ended.
fn poll_once(future: &mut Option<BoxFuture<'static, ()>>) {
    let mut cx = Context::from_waker(Waker::noop());
    if future
        .as_mut()
        .is_some_and(|future| future.as_mut().poll(&mut cx).is_ready())
    {
        drop(future.take());
    }
}

impl InlinePoller {
    /// `permit` is acquired on first use if it is `None`.
    pub(super) fn new(runner: &Arc<InlineRunner>, permit: Option<InlinePermit>) -> Self {
        Self {
            current: Some(InlinePoll {
                permit,
                handler: None,
                runner: runner.clone(),
            }),
        }
    }

    /// Polls a future. Returns the handler that it left, and the permit to run it.
    pub(super) fn poll<T>(
        &mut self,
        poll: impl FnOnce() -> Poll<T>,
    ) -> (Poll<T>, Option<(InlinePermit, InlineHandler)>) {
        CURRENT_POLL.set(self.current.take());
        let _end = EndPollOnDrop;
        let polled = poll();
        self.current = CURRENT_POLL.take();
        let ready = self.current.as_mut().and_then(|current| {
            let handler = current.handler.take()?;
            Some((current.permit.take()?, handler))
        });
        (polled, ready)
    }

    /// Keeps a permit for the next poll.
    pub(super) fn keep_permit(&mut self, permit: InlinePermit) {
        if let Some(current) = &mut self.current {
            current.permit = Some(permit);
        }
    }
}

/// Leaves a handler to the I/O thread, which runs it when the current poll has returned.
///
/// # Errors
///
/// Returns the handler if it is slow, if this thread is not an I/O thread of the endpoint, or if no permit is free.
pub(super) fn run_inline(
    job: &Arc<Job>,
    future: BoxFuture<'static, ()>,
) -> Result<(), BoxFuture<'static, ()>> {
    CURRENT_POLL.with_borrow_mut(|current| {
        let Some(current) = current else {
            return Err(future);
        };
        if current.handler.is_some() || current.runner.slow_handlers.is_slow(job.route_index) {
            return Err(future);
        }
        if current.permit.is_none() {
            current.permit = current.runner.acquire();
        }
        if current.permit.is_none() {
            return Err(future);
        }
        current.handler = Some(InlineHandler {
            job: job.clone(),
            future,
        });
        Ok(())
    })
}

/// Returns `Pending` once, so that the I/O thread runs the handler and then polls the caller again.
pub(super) async fn yield_to_io_thread() {
    let mut has_returned = false;
    poll_fn(|_| {
        if std::mem::replace(&mut has_returned, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}
