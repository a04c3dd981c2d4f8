//! Sees handlers that block their thread, from a thread that runs nothing else: logs them, adds threads for the others, and
//! lets another I/O thread go on with what waits behind them.

use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::batch::Batches;
use super::pool::Pool;
use super::thread_slot::Places;

/// How often it looks while handlers run.
const TICK: Duration = Duration::from_millis(10);
/// After so many looks at which no handler could run it sleeps.
const IDLE_TICKS: u32 = 50;
/// How long it sleeps at most: then it looks whether the program goes on.
const SLEEP: Duration = Duration::from_secs(1);

/// What it looks after.
pub(super) struct Watched {
    pub(super) places: Arc<Places>,
    pub(super) pool: Arc<Pool>,
    /// Where handlers may run on I/O threads.
    pub(super) batches: Option<Batches>,
}

/// Starts the thread. It ends soon after `watched` is dropped.
pub(super) fn start(watched: &Arc<Watched>) {
    let watched = Arc::downgrade(watched);
    let started = thread::Builder::new()
        .name("centrifugo-watchdog".into())
        .spawn(move || watch(&watched));
    if let Err(error) = started {
        tracing::error!(target: "centrifugo", %error, "watchdog could not be started; blocking handlers will not be seen");
    }
}

fn watch(watched: &Weak<Watched>) {
    let mut idle = 0;
    loop {
        let places = {
            let Some(watched) = watched.upgrade() else {
                return;
            };
            if watched.places.has_active() {
                watched.tick();
                idle = 0;
            } else {
                watched.pool.grow(0);
                idle += 1;
            }
            watched.places.clone()
        };
        if idle < IDLE_TICKS {
            thread::sleep(TICK);
        } else {
            places.sleep(SLEEP);
        }
    }
}

impl Watched {
    fn tick(&self) {
        let now = Instant::now();
        let mut stuck = 0;
        let mut late = Vec::new();
        for place in self.places.list() {
            let look = place.look(now);
            stuck += usize::from(look.is_stuck && !place.is_inline());
            late.extend(look.late);
            if let Some(rest) = look.rest
                && let Some(batches) = &self.batches
            {
                batches.go_on(rest);
            }
        }
        self.pool.grow(stuck);
        // Last, since a subscriber of the program's may be slow.
        for (job, ran) in late {
            job.log_blocked(ran);
        }
    }
}
