//! How long the end may take. Past it the process ends, whatever holds it up: tokio's timers fire only where a thread is
//! free.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use crate::logging::print_last;

/// How long a stop may take; RoadRunner kills after 10 s.
const STOP_LIMIT: Duration = Duration::from_millis(7500);
/// What is kept of it for the way out.
const RESERVE: Duration = Duration::from_millis(500);

#[derive(Default)]
pub(crate) struct Last {
    begun: OnceLock<Instant>,
    is_over: Arc<AtomicBool>,
}

impl Last {
    /// Starts the time, unless it runs; how much of it is left for the program's own end.
    pub(crate) fn begin(&self) -> Duration {
        let begun = self.begun.get_or_init(|| {
            let is_over = self.is_over.clone();
            // Where there is no thread for it, RoadRunner kills in the end.
            let _ = thread::Builder::new()
                .name("centrifugo-last".into())
                .stack_size(64 * 1024)
                .spawn(move || {
                    thread::sleep(STOP_LIMIT);
                    if !is_over.load(Ordering::SeqCst) {
                        end()
                    }
                });
            Instant::now()
        });
        STOP_LIMIT.saturating_sub(begun.elapsed() + RESERVE)
    }

    /// The program may live on.
    pub(crate) fn over(&self) {
        self.is_over.store(true, Ordering::SeqCst);
    }
}

fn end() -> ! {
    print_last("centrifugo: shutdown took too long: exiting without the rest of it\n");
    std::process::exit(1)
}
