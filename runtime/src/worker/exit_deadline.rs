//! Ends the process if its shutdown takes too long.
//!
//! A thread keeps this deadline, since tokio's timers do not fire while all threads of the runtime are blocked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use crate::logging::print_and_flush;
use crate::roadrunner_metrics;

/// How long a shutdown may take in all. RoadRunner kills the process after 10 s.
const STOP_LIMIT: Duration = Duration::from_millis(7500);
/// The part of [`STOP_LIMIT`] that is kept for the return from `main`.
const RESERVE: Duration = Duration::from_millis(500);

#[derive(Default)]
pub(crate) struct ExitDeadline {
    started: OnceLock<Instant>,
    is_cancelled: Arc<AtomicBool>,
}

impl ExitDeadline {
    /// Starts the deadline at the first call. Returns how much time is left for the `#[shutdown]` functions.
    pub(crate) fn start(&self) -> Duration {
        let started = self.started.get_or_init(|| {
            let is_cancelled = self.is_cancelled.clone();
            // If the thread cannot be spawned, RoadRunner's kill timeout is the fallback.
            let _ = thread::Builder::new()
                .name("centrifugo-exit".into())
                .stack_size(64 * 1024)
                .spawn(move || {
                    thread::sleep(STOP_LIMIT);
                    if !is_cancelled.load(Ordering::SeqCst) {
                        exit()
                    }
                });
            Instant::now()
        });
        STOP_LIMIT.saturating_sub(started.elapsed() + RESERVE)
    }

    /// Cancels the deadline: the shutdown is complete, and the program may go on after `serve` returns.
    pub(crate) fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::SeqCst);
    }
}

fn exit() -> ! {
    print_and_flush("centrifugo: shutdown timed out; exiting without completing it\n");
    roadrunner_metrics::finish_quickly();
    std::process::exit(1)
}
