//! Polls the calls of HTTP/2 connections in batches.
//!
//! hyper spawns each call of a connection as a future of its own. This executor puts the calls that a connection read together
//! into a queue, polls them one after the other in one task, and then wakes the connection once, so that it writes their
//! responses together. This saves more than half of the cost of a call.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_core::future::BoxFuture;

use super::connection_waker::{ConnectionWaker, DeferWakes, DeferredWakes};
use super::inline_runner::{InlinePermit, InlinePoller, InlineRunner};
use super::overload_log;
use super::thread_status::DeferredIo;

/// The number of queued calls for which one more task is spawned, up to the number of threads that run handlers inline.
const CALLS_PER_TASK: usize = 8;
/// The most calls of all connections that may be queued.
const MAX_QUEUED: usize = 65_536;
/// The most polls of one task before it yields to others.
const POLLS_PER_TURN: usize = 64;

type Call = BoxFuture<'static, ()>;

/// Queues the calls of all connections and polls them in batches. The queue is shared, so that another task can go on with
/// it when a handler blocks one.
#[derive(Clone, Default)]
pub(crate) struct CallBatcher(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// The calls that were read and not polled yet.
    calls: Mutex<VecDeque<Call>>,
    /// The connections that have responses to write.
    connections: Arc<DeferredWakes>,
    /// The number of calls that were queued since tasks were last spawned.
    unassigned: AtomicUsize,
    /// Runs short handlers on the I/O threads. `None` in a mounted program.
    inline: Option<Arc<InlineRunner>>,
}

impl<F: Future<Output = ()> + Send + 'static> hyper::rt::Executor<F> for CallBatcher {
    fn execute(&self, call: F) {
        let mut calls = self.calls();
        if calls.len() < MAX_QUEUED {
            calls.push_back(Box::pin(call));
            self.0.unassigned.fetch_add(1, Ordering::Release);
            return;
        }
        drop(calls);
        // Dropping the call resets its stream, so that the caller can retry.
        drop(call);
        overload_log::queue_full();
    }
}

impl CallBatcher {
    pub(super) fn new(inline: Arc<InlineRunner>) -> Self {
        Self(Arc::new(Shared {
            inline: Some(inline),
            ..Shared::default()
        }))
    }

    fn calls(&self) -> MutexGuard<'_, VecDeque<Call>> {
        self.0.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drives a connection that spawns its calls on this executor.
    pub(crate) async fn drive(self, connection: BoxFuture<'static, ()>) {
        let connection_waker = Arc::new(ConnectionWaker::new(self.0.connections.clone()));
        let waker = Waker::from(connection_waker.clone());
        let mut poller = self
            .0
            .inline
            .as_ref()
            .map(|inline| InlinePoller::new(inline, None));
        let mut current = Some(connection);
        let mut task = Waker::noop().clone();
        // A panic of the connection drops its permit too.
        let _resume = ResumeAfterPanic(&self);
        poll_fn(|cx| {
            if !task.will_wake(cx.waker()) {
                task.clone_from(cx.waker());
                connection_waker.set_task(&task);
            }
            let mut connection_cx = Context::from_waker(&waker);
            for _ in 0..POLLS_PER_TURN {
                let Some(mut connection) = current.take() else {
                    return Poll::Ready(());
                };
                connection_waker.begin_poll();
                let mut poll = || connection.as_mut().poll(&mut connection_cx);
                let (polled, ready) = match &mut poller {
                    Some(poller) => poller.poll(poll),
                    None => (poll(), None),
                };
                self.spawn_batches();
                let had_permit = ready.is_some();
                let (Some((permit, handler)), Some(inline), Poll::Pending) = (ready, &self.0.inline, polled)
                else {
                    if had_permit {
                        self.resume_queue();
                    }
                    current = Some(connection);
                    if connection_waker.end_poll() {
                        cx.waker().wake_by_ref();
                    }
                    return polled;
                };
                // Calls of HTTP/1 are part of the connection's future, so their handlers run here.
                let deferred = inline.run(&permit, handler, DeferredIo::Connection(connection));
                drop(permit);
                self.resume_queue();
                match deferred {
                    Some(DeferredIo::Connection(future) | DeferredIo::Call(future)) => current = Some(future),
                    // The handler blocked this thread, and another thread drives the connection now.
                    None => return Poll::Ready(()),
                }
            }
            connection_waker.end_poll();
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    /// Spawns tasks for the calls that were queued.
    fn spawn_batches(&self) {
        if self.0.unassigned.load(Ordering::Acquire) == 0 {
            return;
        }
        let unassigned = self.0.unassigned.swap(0, Ordering::AcqRel);
        let max_tasks = self.0.inline.as_ref().map_or(1, |inline| inline.permit_count());
        for _ in 0..unassigned.div_ceil(CALLS_PER_TASK).min(max_tasks) {
            tokio::spawn(self.batch());
        }
    }

    /// Continues with the queue after a permit was dropped: a batch that got none while it was held has ended.
    fn resume_queue(&self) {
        if !self.calls().is_empty() {
            tokio::spawn(self.batch());
        }
    }

    /// Drops the calls that were not polled yet.
    pub(super) fn clear(&self) {
        let calls = std::mem::take(&mut *self.calls());
        drop(calls);
    }

    /// Moves the I/O behind a handler that blocks its I/O thread, and the queued calls, to other threads.
    ///
    /// The watchdog calls this from outside of the runtime. Its spawn also wakes a thread that then waits for sockets and
    /// timers, if the blocked thread did this before (tokio#4730).
    pub(super) fn take_over(&self, io: DeferredIo) {
        let Some(inline) = &self.0.inline else { return };
        inline.mark_blocked();
        match io {
            DeferredIo::Call(call) => {
                inline.io_runtime().spawn(call);
            }
            DeferredIo::Connection(connection) => {
                inline.io_runtime().spawn(self.clone().drive(connection));
            }
        }
        inline.io_runtime().spawn(self.batch());
    }

    fn batch(&self) -> Batch {
        Batch(self.clone())
    }
}

/// Continues with the queue if a panic drops it.
struct ResumeAfterPanic<'a>(&'a CallBatcher);

impl Drop for ResumeAfterPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tokio::spawn(self.0.batch());
        }
    }
}

/// A task that polls queued calls until the queue is empty, and then wakes their connections. A call that is pending is moved
/// to a task of its own.
struct Batch(CallBatcher);

/// How a batch continues.
enum Progress {
    /// The queue is empty, or another task polls it.
    Finished,
    /// This call is pending.
    Pending(Call),
    /// The batch has to yield.
    TurnOver,
    /// A handler blocked this thread, and another thread has taken over its call.
    TakenOver,
}

impl Batch {
    fn poll_calls(&self, cx: &mut Context<'_>) -> Progress {
        let batcher = &self.0;
        loop {
            let inline = batcher.0.inline.as_ref();
            let permit = inline.and_then(InlineRunner::try_acquire);
            if permit.is_none() && inline.is_some_and(|inline| !inline.has_blocked()) {
                // Those that hold the permits poll the queue, or continue with it when they drop them.
                return Progress::Finished;
            }
            match self.poll_calls_with(permit, cx) {
                // A call was queued while the permit was released, and no other task will poll it.
                Progress::Finished if !batcher.calls().is_empty() => {}
                progress => return progress,
            }
        }
    }

    fn poll_calls_with(&self, permit: Option<InlinePermit>, cx: &mut Context<'_>) -> Progress {
        let batcher = &self.0;
        let mut poller = match (&batcher.0.inline, permit) {
            (Some(inline), Some(permit)) => Some((inline, InlinePoller::new(inline, Some(permit)))),
            _ => None,
        };
        let _deferred = DeferWakes::new();
        for _ in 0..POLLS_PER_TURN {
            let Some(mut call) = batcher.calls().pop_front() else {
                return Progress::Finished;
            };
            let polled = match &mut poller {
                None => call.as_mut().poll(cx),
                Some((inline, poller)) => match poller.poll(|| call.as_mut().poll(cx)) {
                    (polled, None) => polled,
                    // The caller has cancelled the call, whose handler must not run.
                    (Poll::Ready(()), Some((permit, _))) => {
                        poller.keep_permit(permit);
                        Poll::Ready(())
                    }
                    (_, Some((permit, handler))) => {
                        match inline.run(&permit, handler, DeferredIo::Call(call)) {
                            Some(DeferredIo::Call(future) | DeferredIo::Connection(future)) => call = future,
                            None => return Progress::TakenOver,
                        }
                        poller.keep_permit(permit);
                        call.as_mut().poll(cx)
                    }
                },
            };
            if polled.is_pending() {
                return Progress::Pending(call);
            }
        }
        Progress::TurnOver
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Only the call that panicked is lost.
            tokio::spawn(self.0.batch());
        }
    }
}

impl Future for Batch {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let batcher = &self.0;
        match self.poll_calls(cx) {
            Progress::Finished => {
                batcher.0.connections.wake_all();
                Poll::Ready(())
            }
            Progress::Pending(call) => {
                tokio::spawn(call);
                // The batch continues in a new task. tokio keeps the task that was spawned or woken last for the current
                // thread, and that must not be the call, since the next handler may block this thread.
                tokio::spawn(batcher.batch());
                Poll::Ready(())
            }
            Progress::TurnOver => {
                batcher.0.connections.wake_all();
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Progress::TakenOver => {
                batcher.0.connections.wake_all();
                batcher.resume_queue();
                Poll::Ready(())
            }
        }
    }
}

#[cfg(test)]
#[path = "call_batcher_tests.rs"]
mod tests;
