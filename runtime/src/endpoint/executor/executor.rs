//! Runs the handlers of the endpoints so that each event is answered at its time limit, even if a handler blocks its thread.
//!
//! Connections, timers and signals live on I/O threads. Handlers run on the threads of a pool, which grows when handlers
//! block. Only short handlers run on the I/O thread that read their event, as long as another I/O thread is free. The future
//! that answers an event never polls the handler itself: it waits for the outcome or for the time limit.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{sleep_until, timeout};

use super::call_batcher::CallBatcher;
use super::handler_pool::HandlerPool;
use super::inline_runner::{InlineRunner, run_inline, yield_to_io_thread};
use super::job::{Job, Phase};
use super::overload_log;
use super::shutdown::Shutdown;
#[cfg(feature = "grpc")]
use super::shutdown::StopSignal;
use super::slow_handlers::SlowHandlers;
use super::thread_registry::ThreadRegistry;
use super::unanswered::Unanswered;
use super::watchdog::Watchdog;
use super::work::Work;
use crate::dispatch::{Dispatcher, EventRecord, TimeLimit};
use crate::event::{Event, Kind, Metadata};
use crate::handler::{Invalid, Outcome};

/// The most `#[invalid]` functions that run at once. Further unreadable events do not call the function.
const MAX_INVALID: usize = 64;
/// The default number of handlers that may block a thread at once.
pub(crate) const MAX_BLOCKED: usize = 512;

/// The resources that an executor may use.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    /// The most events at once. Unlimited by default.
    pub(crate) concurrency: Option<usize>,
    /// The most handlers that may block a thread at once. [`MAX_BLOCKED`] by default.
    pub(crate) max_blocked: Option<usize>,
}

/// The I/O runtime of an endpoint, whose threads may run short handlers.
pub(crate) struct IoRuntime {
    pub(crate) handle: Handle,
    pub(crate) threads: usize,
}

/// Answers events within their time limits.
pub(crate) struct Executor {
    pub(super) dispatcher: Arc<Dispatcher>,
    /// Limits the concurrency of events. `None` if it is unlimited.
    permits: Option<Arc<Semaphore>>,
    invalid_permits: Arc<Semaphore>,
    pub(super) pool: Arc<HandlerPool>,
    batcher: CallBatcher,
    /// Keeps the watchdog's thread running.
    watchdog: Arc<Watchdog>,
    pub(super) shutdown: Shutdown,
}

impl Executor {
    /// Creates an executor whose handlers run inside of the `program` runtime, and short ones on the threads of `io`.
    pub(crate) fn new(
        dispatcher: Arc<Dispatcher>,
        limits: Limits,
        program: Handle,
        io: Option<IoRuntime>,
    ) -> Self {
        let threads = Arc::<ThreadRegistry>::default();
        let slow_handlers = Arc::new(SlowHandlers::new(
            dispatcher
                .routes()
                .iter()
                .map(|route| route.handler.is_blocking()),
        ));
        let cores = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
        let max_blocked = limits.max_blocked.unwrap_or(MAX_BLOCKED);
        let pool = Arc::new(HandlerPool::new(
            program,
            threads.clone(),
            slow_handlers.clone(),
            cores,
            max_blocked,
        ));
        let batcher = io.map(|io| {
            CallBatcher::new(Arc::new(InlineRunner::new(
                io.handle,
                io.threads,
                threads.clone(),
                slow_handlers,
                pool.clone(),
            )))
        });
        let watchdog = Arc::new(Watchdog {
            threads,
            pool: pool.clone(),
            batcher: batcher.clone(),
        });
        watchdog.start();
        Self {
            dispatcher,
            permits: limits
                .concurrency
                .map(|permits| Arc::new(Semaphore::new(permits.min(Semaphore::MAX_PERMITS)))),
            invalid_permits: Arc::new(Semaphore::new(MAX_INVALID)),
            pool,
            batcher: batcher.unwrap_or_default(),
            watchdog,
            shutdown: Shutdown::new(),
        }
    }

    pub(crate) fn call_batcher(&self) -> &CallBatcher {
        &self.batcher
    }

    /// Ends the open streams, and refuses new ones.
    pub(crate) fn stop(&self) {
        self.shutdown.stop();
    }

    #[cfg(feature = "grpc")]
    pub(crate) fn stopped(&self) -> StopSignal {
        self.shutdown.stopped()
    }

    /// Returns the number of events without a response.
    pub(crate) fn active_events(&self) -> usize {
        self.shutdown.active_events()
    }

    /// Returns how many handlers and `#[invalid]` functions use the states, at least. Handlers count while a thread runs them, and
    /// these functions until they end.
    pub(crate) fn running_handlers(&self) -> usize {
        let invalid = MAX_INVALID - self.invalid_permits.available_permits();
        self.watchdog.threads.running_count().max(invalid)
    }

    /// Answers all active events with an error and drops their handlers. A handler that blocks its thread cannot be dropped.
    pub(crate) async fn abort_events(&self) {
        self.shutdown.abort_events(|| self.running_handlers()).await;
        // These calls have references to the executor.
        self.batcher.clear();
    }

    /// Waits until all events have responses and all streams have ended.
    pub(crate) async fn drained(&self) {
        self.shutdown.drained().await;
    }

    /// Answers an event. Dropping the future cancels the handler.
    ///
    /// The event becomes a job before the future exists: memory for small futures is allocated faster.
    pub(crate) fn answer(&self, event: Event) -> impl Future<Output = Outcome> + Send + '_ {
        let active = self.shutdown.begin_event();
        let (kind, metadata, deadline) = (event.kind(), event.shared_metadata(), event.deadline());
        let (received, request) = (event.received(), event.request().clone());
        let mut dispatched = self.dispatcher.dispatch(event);
        let begun = match dispatched.hand_over() {
            // Without a handler, no code of the program runs.
            None => Err(Box::new(dispatched)),
            Some((record, limit)) => {
                let limit = limit.until(deadline, received);
                let job = Job::new(Some(kind), dispatched.handler_name(), limit, received);
                let route_index = dispatched.route_index();
                let record = record.move_span(|span| Arc::new(job.for_event(route_index, request, span)));
                Ok((record, Work::new(dispatched)))
            }
        };
        async move {
            let _active = active;
            let outcome = match begun {
                Err(dispatched) => dispatched.await,
                Ok((record, work)) => {
                    let answer = self.run(record.span_owner(), work).await;
                    recorded(answer, record)
                }
            };
            self.report_unreadable(outcome, kind, &metadata)
        }
    }

    /// Runs a job and waits for its result, up to its time limit.
    pub(super) async fn run<T>(&self, job: &Arc<Job>, work: Work<T>) -> Result<T, Unanswered> {
        let Work {
            mut future,
            mut result,
        } = work;
        if self.shutdown.is_aborted() {
            return Err(Unanswered::ShuttingDown);
        }
        if let Some(permits) = &self.permits {
            let permit = self.acquire_permit(permits, job).await?;
            future = Box::pin(async move {
                let _permit = permit;
                future.await;
            });
        }
        let _cancel = CancelOnDrop(job);
        match run_inline(job, future) {
            Ok(()) => yield_to_io_thread().await,
            Err(_) if self.pool.is_saturated() => {
                overload_log::no_free_thread(job.kind, job.handler);
                return Err(Unanswered::TooMany);
            }
            Err(future) => self.pool.spawn(job.clone(), future),
        }
        if let Ok(result) = result.try_recv() {
            return Ok(result);
        }
        Box::pin(self.wait(job, result)).await
    }

    /// Waits for a permit, for at most half of the job's time limit.
    async fn acquire_permit(
        &self,
        permits: &Arc<Semaphore>,
        job: &Job,
    ) -> Result<OwnedSemaphorePermit, Unanswered> {
        if let Ok(permit) = permits.clone().try_acquire_owned() {
            return Ok(permit);
        }
        let permit = timeout(job.limit().duration / 2, permits.clone().acquire_owned());
        tokio::select! {
            biased;
            () = self.shutdown.aborted() => Err(Unanswered::ShuttingDown),
            permit = permit => permit.ok().and_then(Result::ok).ok_or_else(|| {
                overload_log::too_many_events(job.kind, job.handler, job.limit().duration);
                Unanswered::TooMany
            }),
        }
    }

    /// Waits for the result of a handler that is pending.
    async fn wait<T>(&self, job: &Job, result: oneshot::Receiver<T>) -> Result<T, Unanswered> {
        tokio::select! {
            biased;
            result = result => result.map_err(|_| Unanswered::Panicked("code of the program panicked".into())),
            () = sleep_until(job.deadline().into()) => Err(timed_out(job)),
            () = self.shutdown.aborted() => Err(Unanswered::Aborted),
        }
    }

    /// Calls the `#[invalid]` function if the outcome is that the event is unreadable. Returns the outcome.
    fn report_unreadable(&self, outcome: Outcome, kind: Kind, metadata: &Arc<Metadata>) -> Outcome {
        if let Outcome::Unreadable(reason) = &outcome {
            self.call_invalid_function(reason.clone(), kind, Metadata::clone(metadata));
        }
        outcome
    }

    /// Records an event that could not be read before it was dispatched, and calls the `#[invalid]` function.
    pub(crate) fn unreadable(&self, reason: String, kind: Kind, metadata: Metadata) {
        self.dispatcher.record_unreadable(kind);
        self.call_invalid_function(reason, kind, metadata);
    }

    /// Calls the `#[invalid]` function for an unreadable event. The response does not wait for it.
    pub(super) fn call_invalid_function(&self, reason: String, kind: Kind, metadata: Metadata) {
        let invalid = Invalid {
            reason,
            kind: Some(kind),
            metadata,
        };
        let Ok(permit) = self.invalid_permits.clone().try_acquire_owned() else {
            return;
        };
        let (dispatcher, limit) = (self.dispatcher.clone(), self.dispatcher.shortest_timeout());
        let job = Arc::new(Job::new(
            Some(kind),
            "#[invalid]",
            TimeLimit::of_handler(None, limit),
            Instant::now(),
        ));
        self.pool.spawn_detached(job.clone(), async move {
            let _permit = permit;
            if timeout(limit, dispatcher.invalid(invalid)).await.is_err() {
                job.log_timeout();
            }
        });
    }
}

/// Records the answer of an event.
fn recorded(answer: Result<Outcome, Unanswered>, record: EventRecord<Arc<Job>>) -> Outcome {
    match answer {
        Ok(outcome) => {
            record.end(&outcome);
            outcome
        }
        Err(unanswered) => {
            let summary = unanswered.outcome().into();
            let outcome = Outcome::Error(unanswered.into_error());
            record.end_as(summary, &outcome);
            outcome
        }
    }
}

/// Returns the error for a handler that has no result at its time limit.
fn timed_out(job: &Job) -> Unanswered {
    match job.phase() {
        // The handler has not started, so the caller can retry without a side effect.
        Phase::Queued => {
            overload_log::no_free_thread(job.kind, job.handler);
            Unanswered::TooMany
        }
        // The watchdog logs it.
        Phase::Running => Unanswered::TimedOut("the handler blocks its thread".into()),
        Phase::Pending => {
            job.log_timeout();
            Unanswered::TimedOut(format!("no reply within {}", job.limit()).into())
        }
    }
}

/// Cancels a job when the future that waits for its result is dropped.
struct CancelOnDrop<'a>(&'a Arc<Job>);

impl Drop for CancelOnDrop<'_> {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
