//! Refusals that callers drive: the first ones are logged at once, the others are counted.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How often counted refusals are logged.
const PERIOD: Duration = Duration::from_secs(10);

/// Refusals of one kind, in a `static`.
///
/// The first refusal is logged at once, by the caller's own log call. Further ones are counted and logged as one summary
/// every 10 s, until 10 s have passed without any. A summary comes without a further refusal too: a thread that lives as
/// long as there is something to count writes it, and the end of the program does. Memory does not grow with the count.
///
/// ```ignore
/// static TOO_MANY: RefusalLog = RefusalLog::new("connections refused: too many");
/// TOO_MANY.record(Some(peer), || tracing::warn!(target: "centrifugo", %peer, "connection refused: too many"));
/// ```
pub(crate) struct RefusalLog {
    summary: &'static str,
    at_once: u32,
    window: Mutex<Option<Window>>,
}

/// From the first refusal until 10 s without one.
struct Window {
    logged: u32,
    count: u64,
    /// When `count` was 0 the last time.
    since: Instant,
    peer: Option<SocketAddr>,
}

/// What one line says of many refusals.
struct Summary {
    text: &'static str,
    count: u64,
    elapsed: Duration,
    peer: Option<SocketAddr>,
}

impl RefusalLog {
    /// Takes the message of the summary, such as `calls refused: wrong secret`.
    pub(crate) const fn new(summary: &'static str) -> Self {
        Self {
            summary,
            at_once: 1,
            window: Mutex::new(None),
        }
    }

    /// Logs this many refusals at once instead of one, for messages that a developer wants to see one by one.
    pub(crate) const fn at_once(mut self, count: u32) -> Self {
        self.at_once = count;
        self
    }

    /// Counts a refusal, and calls `log` if it is to be logged at once. The summary names the peer of the last one.
    pub(crate) fn record(&'static self, peer: Option<SocketAddr>, log: impl FnOnce()) {
        let mut window = self.lock();
        let is_new = window.is_none();
        let Window {
            logged,
            count,
            peer: last,
            ..
        } = window.get_or_insert_with(|| Window {
            logged: 0,
            count: 0,
            since: Instant::now(),
            peer: None,
        });
        let is_logged = *logged < self.at_once;
        if is_logged {
            *logged += 1;
        } else {
            *count += 1;
            *last = peer;
        }
        drop(window);
        // No lock is held here: a subscriber may take its time, or may itself cause a refusal.
        if is_logged {
            log();
        }
        if is_new {
            watch(self);
        }
    }

    /// What was counted since the last summary; closes the window if this is nothing.
    fn take(&self, now: Instant) -> Option<Summary> {
        let mut current = self.lock();
        let window = current.as_mut().filter(|window| window.count > 0);
        let Some(window) = window else {
            *current = None;
            return None;
        };
        let summary = Summary {
            text: self.summary,
            count: std::mem::take(&mut window.count),
            elapsed: now.saturating_duration_since(window.since),
            peer: window.peer,
        };
        window.since = now;
        Some(summary)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Window>> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Summary {
    fn log(&self) {
        let peer = self.peer.map(tracing::field::display);
        let seconds = self.elapsed.as_secs_f64().ceil();
        tracing::warn!(target: "centrifugo", count = self.count, seconds, peer, "{}", self.text);
    }
}

/// The logs with an open window, and whether a thread sees to them.
struct Watched {
    logs: Vec<&'static RefusalLog>,
    has_thread: bool,
}

static WATCHED: Mutex<Watched> = Mutex::new(Watched {
    logs: Vec::new(),
    has_thread: false,
});

fn watched() -> MutexGuard<'static, Watched> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watched {
    fn take(&mut self) -> Vec<Summary> {
        let (now, mut summaries) = (Instant::now(), Vec::new());
        self.logs.retain(|log| {
            let summary = log.take(now);
            let is_open = summary.is_some();
            summaries.extend(summary);
            is_open
        });
        summaries
    }
}

fn watch(log: &'static RefusalLog) {
    let mut watched = watched();
    watched.logs.push(log);
    if !watched.has_thread {
        // Not a timer of tokio: handlers that block may have taken all threads of the runtime.
        watched.has_thread = thread::Builder::new()
            .name("centrifugo-refusals".into())
            .spawn(log_periodically)
            .is_ok();
    }
    // Without a thread the next refusal opens a new window, and tries again.
    let summaries = if watched.has_thread {
        Vec::new()
    } else {
        watched.take()
    };
    drop(watched);
    summaries.iter().for_each(Summary::log);
}

fn log_periodically() {
    loop {
        thread::sleep(PERIOD);
        let mut watched = watched();
        let summaries = watched.take();
        watched.has_thread = !watched.logs.is_empty();
        let is_over = !watched.has_thread;
        drop(watched);
        summaries.iter().for_each(Summary::log);
        if is_over {
            return;
        }
    }
}

/// Logs what was counted so far, since the program ends.
pub(super) fn log_counted() {
    let summaries = watched().take();
    summaries.iter().for_each(Summary::log);
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn logs_the_first_refusal_and_counts_the_others() {
        static LOG: RefusalLog = RefusalLog::new("calls refused: test");
        let peer = Some(([127, 0, 0, 1], 7).into());
        let logged = Cell::new(0);
        for _ in 0..1_000 {
            LOG.record(peer, || logged.set(logged.get() + 1));
        }
        assert_eq!(logged.get(), 1);
        let summary = LOG.take(Instant::now()).unwrap();
        assert_eq!((summary.count, summary.peer), (999, peer));
        // A quiet period closes the window: the next refusal is a first one again.
        assert!(LOG.take(Instant::now()).is_none());
        LOG.record(None, || logged.set(logged.get() + 1));
        assert_eq!(logged.get(), 2);
    }

    #[test]
    fn logs_several_at_once_where_asked_for() {
        static LOG: RefusalLog = RefusalLog::new("messages refused: test").at_once(10);
        let logged = Cell::new(0);
        for _ in 0..25 {
            LOG.record(None, || logged.set(logged.get() + 1));
        }
        assert_eq!(logged.get(), 10);
        assert_eq!(LOG.take(Instant::now()).unwrap().count, 15);
    }
}
