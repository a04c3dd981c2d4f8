//! Runs handlers for the endpoints, so that each event is answered in time, whatever handlers do.
//!
//! Connections, timers and signals live on I/O threads. Handlers run on the threads of a pool that grows when they block,
//! except for short ones, which run on the I/O thread that read their event as long as another I/O thread is free. The
//! future that answers an event never runs a handler itself: it waits for the outcome or the time limit.

use std::borrow::Cow;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

#[cfg(feature = "grpc")]
use bytes::Bytes;
#[cfg(feature = "grpc")]
use futures_core::Stream;
use futures_core::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::time::{sleep, sleep_until, timeout};

use super::batch::Batches;
use super::handler_durations::Slowness;
use super::inline::Inline;
use super::job::{Job, Limit, LimitOwner, Phase};
use super::pool::Pool;
#[cfg(feature = "grpc")]
use super::stream::Outbox;
use super::thread_slot::Places;
use super::watchdog::Watched;
use super::{inline, refusals, watchdog};
use crate::dispatch::Dispatcher;
#[cfg(feature = "grpc")]
use crate::dispatch::StreamOutcome;
use crate::error::Error;
use crate::event::{Event, Kind, Metadata};
use crate::handler::{Invalid, Outcome};

/// How many `#[invalid]` functions run at once. Further unreadable events are logged only.
const MAX_INVALID: usize = 64;
/// How many handlers may block at once unless set.
pub(crate) const MAX_BLOCKED: usize = 512;
/// How long a stop waits for the next answer before it looks again.
const POLL: Duration = Duration::from_millis(10);
/// How often it looks for handlers that are given up.
const GIVE_UP_POLLS: usize = 10;

/// What an executor may use.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    /// Events at once; any number unless set.
    pub(crate) concurrency: Option<usize>,
    /// Handlers that block at once.
    pub(crate) max_blocked: Option<usize>,
}

/// The I/O runtime of an endpoint, whose threads may run short handlers.
pub(crate) struct IoRuntime {
    pub(crate) handle: Handle,
    pub(crate) threads: usize,
}

/// Answers events.
pub(crate) struct Executor {
    dispatcher: Arc<Dispatcher>,
    permits: Option<Arc<Semaphore>>,
    invalid_permits: Arc<Semaphore>,
    pool: Arc<Pool>,
    batches: Batches,
    /// The watchdog ends when it is dropped.
    watched: Arc<Watched>,
    /// Events without an answer.
    active: AtomicUsize,
    open_streams: Arc<AtomicUsize>,
    /// Whether the program stops, for streams that would go on.
    stop: watch::Sender<bool>,
    /// Whether events are given up, since the program ends.
    end: watch::Sender<bool>,
}

/// Ready when the program stops.
#[cfg(feature = "grpc")]
pub(crate) type Stopped = BoxFuture<'static, ()>;

/// What a transport has to send of a stream.
#[cfg(feature = "grpc")]
pub(crate) enum StreamAnswer {
    Stream(Bytes, Outbox),
    Refused(Bytes),
    Failed(Cow<'static, str>),
    Unreadable(String),
}

/// Why a handler gave no answer.
enum Unanswered {
    TooMany,
    Failed(Cow<'static, str>),
}

impl Executor {
    /// Handlers run inside `program`; short ones on the threads of `io`, where there is one.
    pub(crate) fn new(
        dispatcher: Arc<Dispatcher>,
        limits: Limits,
        program: Handle,
        io: Option<IoRuntime>,
    ) -> Self {
        let places = Arc::<Places>::default();
        let slowness = Arc::new(Slowness::new(dispatcher.routes().len()));
        let cores = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
        let max = limits.max_blocked.unwrap_or(MAX_BLOCKED);
        let pool = Arc::new(Pool::new(program, places.clone(), slowness.clone(), cores, max));
        let batches = io.map(|io| {
            Batches::new(Arc::new(Inline::new(
                io.handle,
                io.threads,
                places.clone(),
                slowness,
                pool.clone(),
            )))
        });
        let watched = Arc::new(Watched {
            places,
            pool: pool.clone(),
            batches: batches.clone(),
        });
        watchdog::start(&watched);
        Self {
            dispatcher,
            permits: limits
                .concurrency
                .map(|permits| Arc::new(Semaphore::new(permits.min(Semaphore::MAX_PERMITS)))),
            invalid_permits: Arc::new(Semaphore::new(MAX_INVALID)),
            pool,
            batches: batches.unwrap_or_default(),
            watched,
            active: AtomicUsize::new(0),
            open_streams: Arc::default(),
            stop: watch::Sender::new(false),
            end: watch::Sender::new(false),
        }
    }

    pub(crate) fn batches(&self) -> &Batches {
        &self.batches
    }

    /// Ends the streams that are open, and those that open from now on.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    #[cfg(feature = "grpc")]
    pub(crate) fn stopped(&self) -> Stopped {
        let mut stop = self.stop.subscribe();
        Box::pin(async move {
            // Without a sender there is nobody left to stop.
            let _ = stop.wait_for(|stop| *stop).await;
        })
    }

    /// Events that wait for their answer.
    pub(crate) fn active(&self) -> usize {
        self.active.load(Ordering::Relaxed)
    }

    /// How many threads run code of the program right now.
    pub(crate) fn running(&self) -> usize {
        self.watched.places.running()
    }

    /// Answers all events that still wait without their handlers, which are dropped where they don't block.
    pub(crate) async fn give_up(&self) {
        self.end.send_replace(true);
        for _ in 0..GIVE_UP_POLLS {
            if self.active() == 0 && self.running() == 0 {
                return;
            }
            sleep(POLL).await;
        }
    }

    /// Waits until all events are answered and all streams have ended.
    pub(crate) async fn drained(&self) {
        while self.active() + self.open_streams.load(Ordering::Relaxed) > 0 {
            sleep(POLL).await;
        }
    }

    /// Answers an event. When this is dropped, so is the handler.
    pub(crate) async fn answer(&self, event: Event) -> Outcome {
        let _active = Active::new(&self.active);
        let (kind, metadata, caller) = (event.kind(), event.shared_metadata(), event.deadline());
        let request = event.request().clone();
        let running = self.dispatcher.dispatch(event);
        let Some(limit) = running.limit() else {
            // No handler: no code of the program's runs.
            return self.told(running.await, kind, &metadata);
        };
        let index = running.route_index();
        let job =
            Arc::new(Job::new(Some(kind), running.name(), limit_of(limit, caller)).answers(index, request));
        let outcome = match self.run(job, running.untimed()).await {
            Ok(outcome) => outcome,
            Err(Unanswered::TooMany) => Outcome::Error(Error::too_many_requests()),
            Err(Unanswered::Failed(reason)) => Outcome::Error(Error::internal(reason)),
        };
        self.told(outcome, kind, &metadata)
    }

    /// Answers the event that opens a stream. Its handler has its time limit for the decision.
    #[cfg(feature = "grpc")]
    pub(crate) async fn open<S>(&self, event: Event, incoming: Option<S>) -> StreamAnswer
    where
        S: Stream<Item = Bytes> + Send + 'static,
    {
        let _active = Active::new(&self.active);
        let (kind, metadata, caller) = (event.kind(), event.shared_metadata(), event.deadline());
        let request = event.request().clone();
        let deciding = self.dispatcher.decide(event, incoming);
        let (limit, handler) = (deciding.limit, deciding.handler);
        let (pool, open_streams, of) = (self.pool.clone(), self.open_streams.clone(), request.clone());
        let publications_limit = limit_of(limit.unwrap_or_default(), None);
        let decide = async move {
            match deciding.future.await {
                StreamOutcome::Open(first, publications) => {
                    let job = Job::new(Some(kind), handler, publications_limit)
                        .answers(usize::MAX, of)
                        .per_poll();
                    StreamAnswer::Stream(
                        first,
                        Outbox::new(publications, Arc::new(job), pool, open_streams),
                    )
                }
                StreamOutcome::Refused(first, _) => StreamAnswer::Refused(first),
                StreamOutcome::Failed(reason, _) => StreamAnswer::Failed(reason),
                StreamOutcome::Unreadable(reason) => StreamAnswer::Unreadable(reason),
            }
        };
        let opened = match limit {
            // No handler: no code of the program's runs.
            None => decide.await,
            Some(limit) => {
                let job = Job::new(Some(kind), handler, limit_of(limit, caller)).answers(usize::MAX, request);
                match self.run(Arc::new(job), decide).await {
                    Ok(opened) => opened,
                    // Of an error, Centrifugo drops «temporary»: after a failure the client tries again.
                    Err(Unanswered::TooMany) => StreamAnswer::Failed("too many requests".into()),
                    Err(Unanswered::Failed(reason)) => StreamAnswer::Failed(reason),
                }
            }
        };
        if let StreamAnswer::Unreadable(reason) = &opened {
            self.unreadable(reason.clone(), kind, Metadata::clone(&metadata));
        }
        opened
    }

    /// Runs a handler when it is its turn, and waits for its result until the time limit.
    async fn run<T: Send + 'static>(
        &self,
        job: Arc<Job>,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Unanswered> {
        let permit = self.turn(&job).await?;
        let (done, mut result) = oneshot::channel();
        let future: BoxFuture<'static, ()> = Box::pin(async move {
            let result = future.await;
            drop(permit);
            // Where nobody waits any more, the result is dropped here.
            let _ = done.send(result);
        });
        let _abandoned = Abandoned(&job);
        match inline::offer(&job, future) {
            Ok(()) => inline::handler_ran().await,
            Err(_) if self.pool.is_saturated() => {
                refusals::no_free_thread(job.kind, job.handler);
                return Err(Unanswered::TooMany);
            }
            Err(future) => self.pool.spawn(job.clone(), future),
        }
        if let Ok(result) = result.try_recv() {
            return Ok(result);
        }
        let mut end = self.end.subscribe();
        tokio::select! {
            biased;
            result = &mut result => result.map_err(|_| Unanswered::Failed("the handler was lost: it panicked when it was dropped".into())),
            () = sleep_until(job.deadline().into()) => Err(late(&job)),
            _ = end.wait_for(|end| *end) => Err(Unanswered::Failed("the program ends".into())),
        }
    }

    /// Waits for its turn, at most half of the time that the event has.
    async fn turn(&self, job: &Job) -> Result<Option<OwnedSemaphorePermit>, Unanswered> {
        let Some(permits) = &self.permits else {
            return Ok(None);
        };
        if let Ok(permit) = permits.clone().try_acquire_owned() {
            return Ok(Some(permit));
        }
        match timeout(job.limit() / 2, permits.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Some(permit)),
            _ => {
                refusals::too_many_at_once(job.kind, job.handler, job.limit());
                Err(Unanswered::TooMany)
            }
        }
    }

    fn told(&self, outcome: Outcome, kind: Kind, metadata: &Arc<Metadata>) -> Outcome {
        if let Outcome::Unreadable(reason) = &outcome {
            self.unreadable(reason.clone(), kind, Metadata::clone(metadata));
        }
        outcome
    }

    /// Calls the `#[invalid]` function for an event that could not be read; the answer does not wait for it.
    pub(crate) fn unreadable(&self, reason: String, kind: Kind, metadata: Metadata) {
        let invalid = Invalid {
            reason,
            kind: Some(kind),
            metadata,
        };
        let Ok(permit) = self.invalid_permits.clone().try_acquire_owned() else {
            return;
        };
        let (dispatcher, limit) = (self.dispatcher.clone(), self.dispatcher.shortest_limit());
        let job = Arc::new(Job::new(Some(kind), "#[invalid]", limit_of(limit, None)));
        self.pool.spawn_detached(job.clone(), async move {
            let _permit = permit;
            if timeout(limit, dispatcher.invalid(invalid)).await.is_err() {
                job.log_timeout();
            }
        });
    }
}

/// Answers for a handler at its limit.
fn late(job: &Job) -> Unanswered {
    match job.phase() {
        // Nothing of it has happened: the caller may try again at once.
        Phase::Queued => {
            refusals::no_free_thread(job.kind, job.handler);
            Unanswered::TooMany
        }
        // The watchdog logs it.
        Phase::Running => Unanswered::Failed("the handler blocks its thread".into()),
        Phase::Waiting => {
            job.log_timeout();
            Unanswered::Failed("no reply within the time limit".into())
        }
    }
}

fn limit_of(own: Duration, caller: Option<Instant>) -> Limit {
    let callers = caller.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    match callers {
        Some(time) if time < own => Limit {
            time,
            owner: LimitOwner::Caller,
        },
        _ => Limit {
            time: own,
            owner: LimitOwner::Handler,
        },
    }
}

/// Cancels a handler for which nobody waits any more.
struct Abandoned<'a>(&'a Arc<Job>);

impl Drop for Abandoned<'_> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

struct Active<'a>(&'a AtomicUsize);

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
