//! Events in, outcomes out, many at a time.

use std::borrow::Cow;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::timeout;

use super::awake::keep_awake;
use super::batches::Batches;
use super::trust::Trust;
use crate::dispatch::{Dispatcher, Invalid, Outcome};
use crate::error::Error;
use crate::event::{Event, Kind, Metadata};

/// A handler that yields answers at its limit by itself; only one that does not is still there after this.
pub(super) const GRACE: Duration = Duration::from_millis(20);

/// So many times it is looked whether a thread has come to a handler past its limit.
const BUSY: usize = 10;

/// The dispatcher as both endpoints share it.
pub(crate) struct Front {
    pub(super) dispatcher: Arc<Dispatcher>,
    permits: Option<Arc<Semaphore>>,
    /// Events without an answer.
    pub(super) active: Arc<AtomicUsize>,
    /// Handlers that were answered for and still run.
    late: Arc<AtomicUsize>,
    trust: Arc<Trust>,
    /// Calls that have not begun.
    pub(super) batches: Batches,
    /// Whether the program stops, for streams that would go on.
    pub(super) stop: watch::Sender<bool>,
}

impl Front {
    pub(crate) fn new(dispatcher: Arc<Dispatcher>, concurrency: Option<usize>) -> Self {
        let permits =
            concurrency.map(|permits| Arc::new(Semaphore::new(permits.min(Semaphore::MAX_PERMITS))));
        let active = Arc::default();
        let trust = Arc::new(Trust::new(&dispatcher));
        let batches = Batches::default();
        keep_awake(&active, &trust, &batches);
        Self {
            dispatcher,
            permits,
            active,
            late: Arc::default(),
            trust,
            batches,
            stop: watch::Sender::new(false),
        }
    }

    /// Ends the streams that are open.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Events that wait for their answer.
    pub(crate) fn active(&self) -> usize {
        self.active.load(Ordering::Relaxed)
    }

    /// Something of the user's runs, until this is dropped.
    pub(crate) fn begin(&self) -> Active<'_> {
        Active::new(&self.active)
    }

    /// Answers an event. When this is dropped, so is the handler.
    pub(crate) async fn answer(&self, event: Event) -> Outcome {
        let _active = self.begin();
        let (kind, metadata, caller) = (event.kind(), event.shared_metadata(), event.deadline());
        let running = self.dispatcher.dispatch(event);
        let Some(limit) = running.limit() else {
            // No handler: there is nothing that could hold this task up.
            return self.told(running.await, kind, &metadata);
        };
        let index = running.route_index();
        let limit = caller.map_or(limit, |caller| {
            limit.min(caller.saturating_duration_since(Instant::now()))
        });
        let handler = Handler {
            kind,
            name: running.name(),
            index,
            limit,
        };
        let trusted = self.trust.has(index);
        let running = self.trust.watch(index, trusted, running);
        let answered = if trusted {
            self.run_here(&handler, running).await
        } else {
            self.run(&handler, running).await
        };
        let outcome = match answered {
            Ok(outcome) => outcome,
            Err(Unanswered::TooMany) => Outcome::Error(Error::too_many_requests()),
            Err(Unanswered::Failed(reason)) => Outcome::Error(Error::internal(reason)),
        };
        self.told(outcome, kind, &metadata)
    }

    /// Runs a trusted handler when it is its turn. It answers at its limit by itself.
    async fn run_here<F: Future>(&self, handler: &Handler, running: F) -> Result<F::Output, Unanswered> {
        let _permit = self.turn(handler).await?;
        Ok(running.await)
    }

    /// Runs a handler on a task of its own when it is its turn, until its limit.
    pub(super) async fn run<F>(&self, handler: &Handler, running: F) -> Result<F::Output, Unanswered>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let permit = self.turn(handler).await?;
        let polled = Arc::new(AtomicBool::new(false));
        let in_poll = polled.clone();
        let run = async move {
            let _permit = permit;
            let mut running = pin!(running);
            poll_fn(|cx| {
                in_poll.store(true, Ordering::Relaxed);
                let poll = running.as_mut().poll(cx);
                in_poll.store(false, Ordering::Relaxed);
                poll
            })
            .await
        };
        // On a task of its own, so that one that never yields holds up neither its connection nor its answer.
        let task = if self.trust.blocks(handler.index) {
            let runtime = Handle::current();
            tokio::task::spawn_blocking(move || runtime.block_on(run))
        } else {
            tokio::spawn(run)
        };
        let mut task = Task(Some(task));
        let mut patience = handler.limit.saturating_add(GRACE);
        for _ in 0..BUSY {
            match timeout(patience, &mut task).await {
                Ok(Ok(outcome)) => return Ok(outcome),
                Ok(Err(error)) => return Err(Unanswered::Failed(error.to_string().into())),
                Err(_) if polled.load(Ordering::Relaxed) => {
                    self.trust.set_blocks(handler.index);
                    self.leave(task, handler.name, handler.kind);
                    return Err(Unanswered::Failed(
                        "the handler never yielded within its time limit".into(),
                    ));
                }
                // Its own limit is over too, but no thread has come to it.
                Err(_) => patience = GRACE,
            }
        }
        Err(Unanswered::Failed(
            "no thread came to the handler within its time limit".into(),
        ))
    }

    /// Waits for its turn, at most half of the time that the event has.
    async fn turn(&self, handler: &Handler) -> Result<Option<OwnedSemaphorePermit>, Unanswered> {
        let Some(permits) = &self.permits else {
            return Ok(None);
        };
        if let Ok(permit) = permits.clone().try_acquire_owned() {
            return Ok(Some(permit));
        }
        match timeout(handler.limit / 2, permits.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Some(permit)),
            _ => {
                tracing::warn!(target: "centrifugo", kind = %handler.kind, handler = handler.name, "too many events at once: refused");
                Err(Unanswered::TooMany)
            }
        }
    }

    /// Counts a handler that can't be stopped, until it ends.
    fn leave<T: Send + 'static>(&self, mut task: Task<T>, handler: &'static str, kind: Kind) {
        let Some(task) = task.0.take() else { return };
        let count = self.late.fetch_add(1, Ordering::Relaxed) + 1;
        tracing::error!(
            target: "centrifugo", %kind, handler, count,
            "a handler never yielded within its time limit: answered without it, while it still runs; \
             from now on it gets threads where it may block, as `blocking` would give it"
        );
        let late = self.late.clone();
        let since = Instant::now();
        tokio::spawn(async move {
            // When it waits at last, it is over.
            task.abort();
            let _ = task.await;
            let count = late.fetch_sub(1, Ordering::Relaxed) - 1;
            tracing::warn!(target: "centrifugo", handler, count, late = ?since.elapsed(), "a handler that never yielded has ended");
        });
    }

    fn told(&self, outcome: Outcome, kind: Kind, metadata: &Arc<Metadata>) -> Outcome {
        if let Outcome::Unreadable(reason) = &outcome {
            self.unreadable(reason.clone(), kind, Metadata::clone(metadata));
        }
        outcome
    }

    /// Tells the `#[invalid]` function of an event that could not be read; the answer does not wait for it.
    pub(crate) fn unreadable(&self, reason: String, kind: Kind, metadata: Metadata) {
        let dispatcher = self.dispatcher.clone();
        let limit = dispatcher.shortest_limit();
        tokio::spawn(async move {
            let invalid = Invalid {
                reason,
                kind: Some(kind),
                metadata,
            };
            if timeout(limit, dispatcher.invalid(invalid)).await.is_err() {
                tracing::error!(target: "centrifugo", "the invalid function did not end within the time limit");
            }
        });
    }
}

/// Who is to answer.
pub(super) struct Handler {
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    pub(super) index: usize,
    pub(super) limit: Duration,
}

/// Why a handler gave no answer.
pub(super) enum Unanswered {
    TooMany,
    Failed(Cow<'static, str>),
}

/// A handler's task, aborted when nobody waits for it any more.
struct Task<T>(Option<JoinHandle<T>>);

impl<T> Future for Task<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Some(task) => Pin::new(task).poll(cx),
            None => Poll::Pending,
        }
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

pub(crate) struct Active<'a>(&'a AtomicUsize);

impl<'a> Active<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Active<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
