//! A thread that detects handlers that block their thread. It logs them, adds threads to the pool, and moves the I/O that
//! waits for them to other I/O threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::call_batcher::CallBatcher;
use super::handler_pool::HandlerPool;
use super::thread_registry::ThreadRegistry;

/// The interval of inspections while handlers run.
const TICK: Duration = Duration::from_millis(10);
/// The number of ticks without an active thread after which the watchdog parks.
const IDLE_TICKS: u32 = 50;
/// The longest time that the watchdog parks. It then checks whether the program still runs.
const MAX_PARK: Duration = Duration::from_secs(1);

/// What the watchdog inspects.
pub(super) struct Watchdog {
    pub(super) threads: Arc<ThreadRegistry>,
    pub(super) pool: Arc<HandlerPool>,
    /// `None` if no handler runs on an I/O thread.
    pub(super) batcher: Option<CallBatcher>,
}

impl Watchdog {
    /// Starts the thread. It ends soon after the watchdog is dropped.
    pub(super) fn start(self: &Arc<Self>) {
        let watchdog = Arc::downgrade(self);
        let started = thread::Builder::new()
            .name("centrifugo-watchdog".into())
            .spawn(move || run(&watchdog));
        if let Err(error) = started {
            tracing::error!(
                target: "centrifugo", %error, "watchdog thread not started; blocking handlers will not be detected"
            );
        }
    }

    fn tick(&self) {
        let now = Instant::now();
        let mut blocked = 0;
        let mut overdue = Vec::new();
        for thread in self.threads.threads() {
            let inspection = thread.inspect(now);
            blocked += usize::from(inspection.is_blocked && !thread.is_io_thread());
            overdue.extend(inspection.overdue);
            if let Some(io) = inspection.deferred
                && let Some(batcher) = &self.batcher
            {
                batcher.take_over(io);
            }
        }
        self.pool.grow(blocked);
        // At the end, since the program's tracing subscriber may be slow.
        for (job, elapsed) in overdue {
            job.log_blocked(elapsed);
        }
    }
}

fn run(watchdog: &Weak<Watchdog>) {
    let mut idle_ticks = 0;
    loop {
        let threads = {
            let Some(watchdog) = watchdog.upgrade() else {
                return;
            };
            let is_active = watchdog.threads.has_active();
            // The program's tracing subscriber may panic. Without this thread, blocking handlers would not be detected.
            let _ = catch_unwind(AssertUnwindSafe(|| {
                if is_active {
                    watchdog.tick();
                } else {
                    watchdog.pool.grow(0);
                }
            }));
            idle_ticks = if is_active { 0 } else { idle_ticks + 1 };
            watchdog.threads.clone()
        };
        if idle_ticks < IDLE_TICKS {
            thread::sleep(TICK);
        } else {
            threads.park_watchdog(MAX_PARK);
        }
    }
}
