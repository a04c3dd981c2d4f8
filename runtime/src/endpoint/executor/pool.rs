//! The threads that run handlers: as many as handlers block, up to a limit, so that one is free for the others.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_task::Runnable;
use tokio::runtime::Handle;

use super::handler_durations::Slowness;
use super::job::Job;
use super::refusals;
use super::thread_slot::Places;
use crate::error::panic_text;
use crate::handler::HandlerThread;

/// How long a thread that is not needed is kept.
const IDLE_LIMIT: Duration = Duration::from_secs(10);

type Task = Runnable<Arc<Job>>;

/// Runs jobs on threads of its own, inside the runtime of the program. The last clone ends the threads.
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    has_work: Condvar,
    /// Every thread runs a handler that blocks, and there may be no more of them.
    is_saturated: AtomicBool,
    places: Arc<Places>,
    slowness: Arc<Slowness>,
    runtime: Handle,
    base: usize,
    max: usize,
}

#[derive(Default)]
struct Queue {
    tasks: VecDeque<Task>,
    threads: usize,
    idle: usize,
    is_closed: bool,
}

impl Pool {
    /// A pool of `base` threads, made when they are needed, that grows up to `max` when handlers block.
    pub(super) fn new(
        runtime: Handle,
        places: Arc<Places>,
        slowness: Arc<Slowness>,
        base: usize,
        max: usize,
    ) -> Self {
        Self(Arc::new(Shared {
            queue: Mutex::default(),
            has_work: Condvar::new(),
            is_saturated: AtomicBool::new(false),
            places,
            slowness,
            runtime,
            base: base.min(max),
            max,
        }))
    }

    /// The runtime that handlers see.
    pub(super) fn runtime(&self) -> &Handle {
        &self.0.runtime
    }

    /// Whether each thread that there may be is held by a handler that blocks.
    pub(super) fn is_saturated(&self) -> bool {
        self.0.is_saturated.load(Ordering::Relaxed)
    }

    /// Runs a future until [`Job::abandon`] cancels it.
    pub(super) fn spawn(&self, job: Arc<Job>, future: impl Future<Output = ()> + Send + 'static) {
        let handle = self.start(job.clone(), future);
        job.hold(handle);
    }

    /// Runs a future to its end.
    pub(super) fn spawn_detached(&self, job: Arc<Job>, future: impl Future<Output = ()> + Send + 'static) {
        self.start(job, future).detach();
    }

    fn start(
        &self,
        job: Arc<Job>,
        future: impl Future<Output = ()> + Send + 'static,
    ) -> async_task::Task<(), Arc<Job>> {
        let shared = self.0.clone();
        let (task, handle) = async_task::Builder::new()
            .metadata(job)
            .spawn(move |_| future, move |task| shared.push(task));
        task.schedule();
        handle
    }

    /// Adds threads when `stuck` of them are held by handlers and others wait. The watchdog calls it.
    pub(super) fn grow(&self, stuck: usize) {
        let shared = &self.0;
        let (add, threads, is_saturated) = {
            let mut queue = shared.queue();
            let free = queue.threads.saturating_sub(stuck);
            let wanted = if queue.tasks.is_empty() || free >= shared.base {
                0
            } else if free == 0 {
                // Four times as many, so that a burst of handlers that block holds others up for a few ticks only.
                queue.tasks.len().min(3 * queue.threads.max(1))
            } else {
                shared.base - free
            };
            let add = wanted.min(shared.max - queue.threads);
            let is_saturated = free == 0 && queue.threads == shared.max;
            queue.threads += add;
            (add, queue.threads, is_saturated)
        };
        for _ in 0..add {
            shared.start_thread();
        }
        if is_saturated == shared.is_saturated.swap(is_saturated, Ordering::Relaxed) {
            return;
        }
        if is_saturated {
            tracing::error!(
                target: "centrifugo", threads,
                "all handler threads are blocked; refusing events with error 111"
            );
        } else {
            tracing::warn!(target: "centrifugo", "a handler thread is free again; accepting events");
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let tasks = {
            let mut queue = self.0.queue();
            queue.is_closed = true;
            std::mem::take(&mut queue.tasks)
        };
        self.0.has_work.notify_all();
        drop(tasks);
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(self: &Arc<Self>, task: Task) {
        let start = {
            let mut queue = self.queue();
            if queue.is_closed {
                drop(queue);
                return drop(task);
            }
            queue.tasks.push_back(task);
            let start = queue.idle < queue.tasks.len() && queue.threads < self.base;
            queue.threads += usize::from(start);
            start
        };
        if start {
            self.start_thread();
        } else {
            self.has_work.notify_one();
        }
    }

    /// Starts a thread that is counted already.
    fn start_thread(self: &Arc<Self>) {
        let shared = self.clone();
        let started = std::thread::Builder::new()
            .name("centrifugo-handler".into())
            .spawn(move || shared.run());
        if let Err(error) = started {
            self.queue().threads -= 1;
            refusals::no_thread(&error);
        }
    }

    fn run(self: Arc<Self>) {
        let _entered = self.runtime.enter();
        HandlerThread::Pool.set();
        let place = self.places.add(false);
        while let Some(task) = self.next(&place) {
            let job = task.metadata().clone();
            place.begin(&job, None);
            // The future catches panics of the handler; its drop may panic too.
            let ran = catch_unwind(AssertUnwindSafe(|| task.run()));
            let (_, took) = place.end();
            self.slowness.record(job.index, took);
            if let Err(panic) = ran {
                tracing::error!(target: "centrifugo", panic = panic_text(&*panic), "handler panicked when it was dropped");
            }
        }
        self.places.remove(&place);
    }

    /// The next task; nothing when the thread is to end.
    fn next(&self, place: &super::thread_slot::Place) -> Option<Task> {
        let mut queue = self.queue();
        if let Some(task) = queue.tasks.pop_front() {
            self.places.activate(place);
            return Some(task);
        }
        self.places.deactivate(place);
        loop {
            if queue.is_closed {
                queue.threads -= 1;
                return None;
            }
            queue.idle += 1;
            let (guard, timeout) = self
                .has_work
                .wait_timeout(queue, IDLE_LIMIT)
                .unwrap_or_else(PoisonError::into_inner);
            queue = guard;
            queue.idle -= 1;
            if let Some(task) = queue.tasks.pop_front() {
                self.places.activate(place);
                return Some(task);
            }
            if timeout.timed_out() && queue.threads > self.base {
                queue.threads -= 1;
                return None;
            }
        }
    }
}
