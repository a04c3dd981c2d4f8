//! Where the calls of HTTP/2 connections begin: those that were read together in one task, one after the other, so that their
//! answers are written together too. That is worth more than half of what a call costs.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::mem::take;
use std::num::NonZero;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use hyper::rt::Executor;

/// So many calls are worth a task, where there is a core for it.
const WORTH: usize = 8;
/// So many begin before other tasks have their turn.
const TURN: usize = 64;
/// A step that takes longer holds up those behind it: another task takes them.
const LONG: Duration = Duration::from_micros(100);

static CORES: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, NonZero::get));

thread_local! {
    /// Whether calls begin on this thread.
    static BEGINNING: Cell<bool> = const { Cell::new(false) };
}

type Call = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What waits, of all connections: if one task of those that begin calls is held up, any other can go on.
#[derive(Clone, Default)]
pub(crate) struct Batches(Arc<Shared>);

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    /// How many calls came since tasks were made for the others.
    fresh: AtomicUsize,
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
        self.waiting().calls.push_back(Box::pin(call));
        self.0.fresh.fetch_add(1, Ordering::Release);
    }
}

impl Batches {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drives a connection whose calls come here.
    pub(super) async fn drive<F: Future>(self, connection: F) -> F::Output {
        let mut connection = pin!(connection);
        let own = Arc::new(Writer {
            batches: self.clone(),
            task: Mutex::new(Waker::noop().clone()),
            answered: AtomicBool::new(false),
        });
        let waker = Waker::from(own.clone());
        poll_fn(|cx| {
            own.task().clone_from(cx.waker());
            let polled = connection.as_mut().poll(&mut Context::from_waker(&waker));
            if self.0.fresh.load(Ordering::Acquire) > 0 {
                let fresh = self.0.fresh.swap(0, Ordering::AcqRel);
                for _ in 0..fresh.div_ceil(WORTH).min(*CORES) {
                    tokio::spawn(self.batch());
                }
            }
            polled
        })
        .await
    }

    /// A task that begins what waits, and then lets answers be written.
    pub(super) fn batch(&self) -> Batch {
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
pub(super) struct Batch(Batches);

/// What came of calls that began.
enum Begun {
    All,
    /// One has no answer yet.
    Until(Call),
    Many,
}

impl Batch {
    fn begin(&self, cx: &mut Context<'_>) -> Begun {
        let batches = &self.0;
        let _beginning = Beginning::new();
        let mut before = None;
        for _ in 0..TURN {
            let mut waiting = batches.waiting();
            let Some(mut call) = waiting.calls.pop_front() else {
                return Begun::All;
            };
            // The last one holds up no other: no need for a clock.
            let start = (!waiting.calls.is_empty()).then(|| before.unwrap_or_else(Instant::now));
            drop(waiting);
            if call.as_mut().poll(cx).is_pending() {
                return Begun::Until(call);
            }
            if let Some(start) = start {
                let now = Instant::now();
                before = Some(now);
                if now - start > LONG && !batches.waiting().calls.is_empty() {
                    tokio::spawn(batches.batch());
                }
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
                // be the call, or what it spawned, if the next one held the thread up.
                tokio::spawn(self.0.batch());
                Poll::Ready(())
            }
            Begun::Many => {
                self.0.write_answers();
                cx.waker().wake_by_ref();
                Poll::Pending
            }
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
    use tokio::sync::Notify;
    use tokio::task::yield_now;

    use super::*;

    /// A connection that makes calls at its first step, and ends when all but the lost ones are answered.
    async fn connection(calls: Vec<Call>, lost: usize) -> usize {
        let batches = Batches::default();
        let answers = Arc::new(AtomicUsize::new(0));
        let all = calls.len() - lost;
        let mut calls = Some(calls);
        let task: Arc<Mutex<Option<Waker>>> = Arc::default();
        let mut steps = 0;
        let driven = batches.clone().drive(poll_fn(|cx| {
            steps += 1;
            *task.lock().unwrap() = Some(cx.waker().clone());
            for call in calls.take().into_iter().flatten() {
                let (answers, task) = (answers.clone(), task.clone());
                batches.execute(async move {
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
        }));
        tokio::time::timeout(Duration::from_secs(10), driven)
            .await
            .unwrap();
        steps
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
