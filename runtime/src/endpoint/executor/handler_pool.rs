//! A pool of threads that run handlers. It grows, up to a limit, when handlers block its threads.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use async_task::Runnable;
use tokio::runtime::Handle;

use super::job::{Job, JobTask};
use super::overload_log;
use super::slow_handlers::SlowHandlers;
use super::thread_registry::ThreadRegistry;
use super::thread_status::ThreadStatus;
use crate::error::panic_text;
use crate::handler::HandlerThread;

/// How long an idle thread waits for work before it ends.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);

type JobRunnable = Runnable<Weak<Job>>;

/// Runs jobs on its own threads, inside of the program's tokio runtime. Dropping the pool ends the threads.
pub(super) struct HandlerPool(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    has_work: Condvar,
    /// Whether handlers block all threads, and no further thread may be started.
    is_saturated: AtomicBool,
    threads: Arc<ThreadRegistry>,
    slow_handlers: Arc<SlowHandlers>,
    runtime: Handle,
    /// The number of threads that stay when they are idle.
    base_threads: usize,
    max_threads: usize,
}

#[derive(Default)]
struct Queue {
    runnables: VecDeque<JobRunnable>,
    threads: usize,
    idle_threads: usize,
    is_closed: bool,
}

impl HandlerPool {
    /// Creates a pool that starts up to `base_threads` threads on demand, and up to `max_threads` when handlers block.
    pub(super) fn new(
        runtime: Handle,
        threads: Arc<ThreadRegistry>,
        slow_handlers: Arc<SlowHandlers>,
        base_threads: usize,
        max_threads: usize,
    ) -> Self {
        Self(Arc::new(Shared {
            queue: Mutex::default(),
            has_work: Condvar::new(),
            is_saturated: AtomicBool::new(false),
            threads,
            slow_handlers,
            runtime,
            base_threads: base_threads.min(max_threads),
            max_threads,
        }))
    }

    /// Returns the runtime inside of which handlers run.
    pub(super) fn runtime(&self) -> &Handle {
        &self.0.runtime
    }

    /// Returns whether handlers block all threads, and no further thread may be started.
    pub(super) fn is_saturated(&self) -> bool {
        self.0.is_saturated.load(Ordering::Relaxed)
    }

    /// Runs a future until it ends or [`Job::cancel`] cancels it.
    pub(super) fn spawn(&self, job: Arc<Job>, future: impl Future<Output = ()> + Send + 'static) {
        let task = self.start(job.clone(), future);
        job.set_task(task);
    }

    /// Runs a future to its end.
    pub(super) fn spawn_detached(&self, job: Arc<Job>, future: impl Future<Output = ()> + Send + 'static) {
        self.start(job, future).detach();
    }

    fn start(&self, job: Arc<Job>, future: impl Future<Output = ()> + Send + 'static) -> JobTask {
        let shared = self.0.clone();
        let metadata = Arc::downgrade(&job);
        let future = async move {
            let _job = job;
            future.await;
        };
        let (runnable, task) = async_task::Builder::new()
            .metadata(metadata)
            .spawn(move |_| future, move |runnable| shared.push(runnable));
        runnable.schedule();
        task
    }

    /// Adds threads if handlers block `blocked` of them and jobs are queued. The watchdog calls this at each tick.
    pub(super) fn grow(&self, blocked: usize) {
        let shared = &self.0;
        let (add, threads, is_saturated) = {
            let mut queue = shared.queue();
            let free = queue.threads.saturating_sub(blocked);
            let wanted = if queue.runnables.is_empty() || free >= shared.base_threads {
                0
            } else if free == 0 {
                // Up to four times as many threads at each tick, so that a burst of blocking handlers delays others only for
                // a few ticks.
                queue.runnables.len().min(3 * queue.threads.max(1))
            } else {
                shared.base_threads - free
            };
            let add = wanted.min(shared.max_threads - queue.threads);
            let is_saturated = free == 0 && queue.threads == shared.max_threads;
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
            tracing::warn!(target: "centrifugo", "handler thread free again; accepting events");
        }
    }
}

impl Drop for HandlerPool {
    fn drop(&mut self) {
        let runnables = {
            let mut queue = self.0.queue();
            queue.is_closed = true;
            std::mem::take(&mut queue.runnables)
        };
        self.0.has_work.notify_all();
        drop(runnables);
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(self: &Arc<Self>, runnable: JobRunnable) {
        let start = {
            let mut queue = self.queue();
            if queue.is_closed {
                drop(queue);
                return drop(runnable);
            }
            queue.runnables.push_back(runnable);
            let start = queue.idle_threads < queue.runnables.len() && queue.threads < self.base_threads;
            queue.threads += usize::from(start);
            start
        };
        if start {
            self.start_thread();
        } else {
            self.has_work.notify_one();
        }
    }

    /// Starts a thread, which the caller has already counted in `Queue::threads`.
    fn start_thread(self: &Arc<Self>) {
        let shared = self.clone();
        let started = std::thread::Builder::new()
            .name("centrifugo-handler".into())
            .spawn(move || shared.run_thread());
        if let Err(error) = started {
            self.queue().threads -= 1;
            overload_log::thread_not_started(&error);
        }
    }

    fn run_thread(self: Arc<Self>) {
        let _entered = self.runtime.enter();
        HandlerThread::Pool.set();
        let thread = self.threads.add(false);
        while let Some(runnable) = self.next_runnable(&thread) {
            // The future that the runnable polls or drops owns the job.
            if let Some(job) = runnable.metadata().upgrade() {
                thread.begin_poll(job, None);
            }
            // An `#[invalid]` function or the program's tracing subscriber may panic.
            let polled = catch_unwind(AssertUnwindSafe(|| runnable.run()));
            // The subscriber may panic here too. Without this thread, the pool would be one too small for ever.
            let _ = catch_unwind(AssertUnwindSafe(|| {
                let ended = thread.end_poll();
                if let Some(ended) = &ended {
                    self.slow_handlers.record(ended.job.route_index, ended.elapsed);
                }
                if let Err(panic) = polled {
                    let handler = ended.map_or("none", |ended| ended.job.handler);
                    tracing::error!(target: "centrifugo", handler, panic = panic_text(&*panic), "code of the program panicked");
                }
            }));
        }
        self.threads.remove(&thread);
    }

    /// Waits for the next runnable. Returns `None` if the thread has to end.
    fn next_runnable(&self, thread: &ThreadStatus) -> Option<JobRunnable> {
        let mut queue = self.queue();
        if let Some(runnable) = queue.runnables.pop_front() {
            self.threads.activate(thread);
            return Some(runnable);
        }
        self.threads.deactivate(thread);
        loop {
            if queue.is_closed {
                queue.threads -= 1;
                return None;
            }
            queue.idle_threads += 1;
            let (guard, timeout) = self
                .has_work
                .wait_timeout(queue, IDLE_TIMEOUT)
                .unwrap_or_else(PoisonError::into_inner);
            queue = guard;
            queue.idle_threads -= 1;
            if let Some(runnable) = queue.runnables.pop_front() {
                self.threads.activate(thread);
                return Some(runnable);
            }
            if timeout.timed_out() && queue.threads > self.base_threads {
                queue.threads -= 1;
                return None;
            }
        }
    }
}
