//! Where the calls of HTTP/2 connections begin: those that were read together in one task, one after the other, so that their
//! answers are written together too. That is worth more than half of what a call costs.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::mem::take;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures_core::future::BoxFuture;
use hyper::rt::Executor;

use super::inline::{Inline, Permit};
use super::refusals;
use super::thread_slot::Rest;

/// So many calls are worth a task, where there is a thread for it.
const WORTH: usize = 8;
/// So many may wait to begin, of all connections.
const MAX_WAITING: usize = 65_536;
/// So many begin before other tasks have their turn.
const TURN: usize = 64;

thread_local! {
    /// Whether calls begin on this thread.
    static BEGINNING: Cell<bool> = const { Cell::new(false) };
}

type Call = BoxFuture<'static, ()>;

/// What waits, of all connections: if one task of those that begin calls is held up, any other can go on.
#[derive(Clone, Default)]
pub(crate) struct Batches(Arc<Shared>);

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    /// How many calls came since tasks were made for the others.
    fresh: AtomicUsize,
    /// Where handlers may run in place.
    inline: Option<Arc<Inline>>,
}

#[derive(Default)]
struct Waiting {
    /// They were read and have not begun.
    calls: VecDeque<Call>,
    /// Connections that have answers to write.
    answered: Vec<Arc<Writer>>,
}

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for Batches {
    fn execute(&self, call: F) {
        let mut waiting = self.waiting();
        if waiting.calls.len() < MAX_WAITING {
            waiting.calls.push_back(Box::pin(call));
            self.0.fresh.fetch_add(1, Ordering::Release);
            return;
        }
        drop(waiting);
        // The drop resets its stream: the caller may try again.
        drop(call);
        refusals::too_many_waiting();
    }
}

impl Batches {
    pub(super) fn new(inline: Arc<Inline>) -> Self {
        Self(Arc::new(Shared {
            inline: Some(inline),
            ..Shared::default()
        }))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drives a connection whose calls come here.
    pub(crate) async fn drive(self, connection: BoxFuture<'static, ()>) {
        let own = Arc::new(Writer {
            batches: self.clone(),
            task: Mutex::new(Waker::noop().clone()),
            answered: AtomicBool::new(false),
        });
        let waker = Waker::from(own.clone());
        let mut permit = None;
        let mut driven = Some(connection);
        poll_fn(|cx| {
            own.task().clone_from(cx.waker());
            let mut connection_cx = Context::from_waker(&waker);
            for _ in 0..TURN {
                let Some(mut connection) = driven.take() else {
                    return Poll::Ready(());
                };
                let Some(inline) = &self.0.inline else {
                    let polled = connection.as_mut().poll(&mut connection_cx);
                    driven = Some(connection);
                    self.spawn_batches();
                    return polled;
                };
                let (polled, offer) =
                    inline.poll(&mut permit, || connection.as_mut().poll(&mut connection_cx));
                self.spawn_batches();
                let (Some(offer), Some(lease)) = (offer, permit.take()) else {
                    driven = Some(connection);
                    return polled;
                };
                // A handler of HTTP/1. When another thread goes on with the connection, this task is over.
                match inline.run(&lease, offer, Rest::Connection(connection)) {
                    Some(Rest::Connection(rest) | Rest::Call(rest)) => driven = Some(rest),
                    None => return Poll::Ready(()),
                }
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    /// Makes tasks for the calls that were read.
    fn spawn_batches(&self) {
        if self.0.fresh.load(Ordering::Acquire) == 0 {
            return;
        }
        let fresh = self.0.fresh.swap(0, Ordering::AcqRel);
        let most = self.0.inline.as_ref().map_or(1, |inline| inline.permits());
        for _ in 0..fresh.div_ceil(WORTH).min(most) {
            tokio::spawn(self.batch());
        }
    }

    /// Another thread goes on with what waits behind a handler that blocks an I/O thread, and with the calls behind it.
    ///
    /// A task that is spawned from outside also wakes a thread that then waits for sockets and timers, where the blocked one
    /// did (tokio#4730).
    pub(super) fn go_on(&self, rest: Rest) {
        let Some(inline) = &self.0.inline else { return };
        inline.set_stuck();
        match rest {
            Rest::Call(call) => {
                inline.io().spawn(call);
            }
            Rest::Connection(connection) => {
                inline.io().spawn(self.clone().drive(connection));
            }
        }
        inline.io().spawn(self.batch());
    }

    /// A task that begins what waits, and then lets answers be written.
    fn batch(&self) -> Batch {
        Batch(self.clone())
    }

    fn write_answers(&self) {
        let connections = take(&mut self.waiting().answered);
        for connection in connections {
            connection.answered.store(false, Ordering::Release);
            connection.task().wake_by_ref();
        }
    }
}

/// The waker of a connection: when a call that begins has its answer, the connection's turn comes after the others.
struct Writer {
    batches: Batches,
    task: Mutex<Waker>,
    /// Whether it is among those that have answers to write.
    answered: AtomicBool,
}

impl Writer {
    fn task(&self) -> MutexGuard<'_, Waker> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Writer {
    fn wake(self: Arc<Self>) {
        if !BEGINNING.get() {
            self.task().wake_by_ref();
        } else if !self.answered.swap(true, Ordering::AcqRel) {
            let batches = self.batches.clone();
            batches.waiting().answered.push(self);
        }
    }
}

/// Begins calls until none waits. One that has no answer then goes on in a task of its own.
struct Batch(Batches);

/// What came of calls that began.
enum Begun {
    /// None waits, or another thread begins them.
    All,
    /// One has no answer yet.
    Until(Call),
    Many,
    /// A handler blocked this thread, and another went on.
    Replaced,
}

impl Batch {
    fn begin(&self, cx: &mut Context<'_>) -> Begun {
        let batches = &self.0;
        loop {
            let permit = batches.0.inline.as_ref().and_then(Inline::permit);
            if permit.is_none() && batches.0.inline.as_ref().is_some_and(|inline| !inline.is_stuck()) {
                // Whoever has the permit begins what waits.
                return Begun::All;
            }
            match self.begin_with(permit, cx) {
                // What came while the permit was given back has nobody else.
                Begun::All if !batches.waiting().calls.is_empty() => {}
                begun => return begun,
            }
        }
    }

    fn begin_with(&self, mut permit: Option<Permit>, cx: &mut Context<'_>) -> Begun {
        let batches = &self.0;
        let _beginning = Beginning::new();
        for _ in 0..TURN {
            let Some(mut call) = batches.waiting().calls.pop_front() else {
                return Begun::All;
            };
            let (mut polled, offer) = match (&batches.0.inline, permit.is_some()) {
                (Some(inline), true) => inline.poll(&mut permit, || call.as_mut().poll(cx)),
                _ => (call.as_mut().poll(cx), None),
            };
            if let (Some(offer), Some(inline), Some(permit)) = (offer, &batches.0.inline, &permit) {
                match inline.run(permit, offer, Rest::Call(call)) {
                    Some(Rest::Call(rest) | Rest::Connection(rest)) => call = rest,
                    None => return Begun::Replaced,
                }
                polled = call.as_mut().poll(cx);
            }
            if polled.is_pending() {
                return Begun::Until(call);
            }
        }
        Begun::Many
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // The call that panicked is lost, and no other.
            tokio::spawn(self.0.batch());
        }
    }
}

impl Future for Batch {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match self.begin(cx) {
            Begun::All => {
                self.0.write_answers();
                Poll::Ready(())
            }
            Begun::Until(call) => {
                tokio::spawn(call);
                // In a task anew: of what is spawned or woken, tokio keeps the latest for this very thread, and that must not
                // be the call if the next handler blocks the thread.
                tokio::spawn(self.0.batch());
                Poll::Ready(())
            }
            Begun::Many => {
                self.0.write_answers();
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Begun::Replaced => Poll::Ready(()),
        }
    }
}

struct Beginning;

impl Beginning {
    fn new() -> Self {
        BEGINNING.set(true);
        Self
    }
}

impl Drop for Beginning {
    fn drop(&mut self) {
        BEGINNING.set(false);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::Notify;
    use tokio::task::yield_now;

    use super::*;

    /// A connection that makes calls at its first poll, and ends when all but the lost ones are answered; how often it was
    /// polled.
    async fn connection(calls: Vec<Call>, lost: usize) -> usize {
        let batches = Batches::default();
        let answers = Arc::new(AtomicUsize::new(0));
        let polls = Arc::new(AtomicUsize::new(0));
        let all = calls.len() - lost;
        let mut calls = Some(calls);
        let task: Arc<Mutex<Option<Waker>>> = Arc::default();
        let (counted, executor) = (polls.clone(), batches.clone());
        let connection = poll_fn(move |cx| {
            counted.fetch_add(1, Ordering::SeqCst);
            *task.lock().unwrap() = Some(cx.waker().clone());
            for call in calls.take().into_iter().flatten() {
                let (answers, task) = (answers.clone(), task.clone());
                executor.execute(async move {
                    call.await;
                    answers.fetch_add(1, Ordering::SeqCst);
                    task.lock().unwrap().as_ref().unwrap().wake_by_ref();
                });
            }
            if answers.load(Ordering::SeqCst) == all {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        tokio::time::timeout(Duration::from_secs(10), batches.drive(Box::pin(connection)))
            .await
            .unwrap();
        polls.load(Ordering::SeqCst)
    }

    fn ready() -> Call {
        Box::pin(async {})
    }

    #[tokio::test]
    async fn answers_that_are_there_at_once_are_written_together() {
        assert_eq!(connection((0..TURN).map(|_| ready()).collect(), 0).await, 2);
        assert_eq!(connection(vec![ready()], 0).await, 2);
    }

    #[tokio::test]
    async fn calls_that_wait_go_on_alone() {
        let notify = Arc::new(Notify::new());
        let waits = || -> Call {
            let notify = notify.clone();
            Box::pin(async move { notify.notified().await })
        };
        let wakes = || -> Call {
            let notify = notify.clone();
            Box::pin(async move {
                yield_now().await;
                notify.notify_waiters();
            })
        };
        connection(vec![waits(), ready(), waits(), wakes(), ready()], 0).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_call_that_panics_takes_no_other_along() {
        let panics = || -> Call { Box::pin(async { panic!("as the test wants it") }) };
        connection(vec![ready(), panics(), ready(), panics(), ready()], 2).await;
    }
}
