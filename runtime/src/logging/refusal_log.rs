//! Logs refusals that callers can cause: the first ones immediately, further ones as a count.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How often counted refusals are logged.
const PERIOD: Duration = Duration::from_secs(10);

/// A log of the refusals of one kind, for a `static`.
///
/// The first refusal is logged immediately, by the log call that the caller passes. Further refusals are counted and
/// logged as one summary every 10 s, until 10 s have passed without a refusal. A thread writes the summaries while
/// there are any to write, and the last ones are written when the program exits. The memory does not grow with the
/// number of refusals.
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

/// The time from the first refusal until 10 s have passed without one.
struct Window {
    logged: u32,
    count: u64,
    /// The start of the current count.
    since: Instant,
    /// The peer of the last counted refusal.
    peer: Option<SocketAddr>,
}

/// One log line about many refusals.
struct Summary {
    text: &'static str,
    count: u64,
    elapsed: Duration,
    peer: Option<SocketAddr>,
}

impl RefusalLog {
    /// Creates a log with the message of its summaries, such as `calls refused: wrong secret`.
    pub(crate) const fn new(summary: &'static str) -> Self {
        Self {
            summary,
            at_once: 1,
            window: Mutex::new(None),
        }
    }

    /// Sets the number of refusals that are logged immediately. The default is one. A larger number helps during
    /// development.
    pub(crate) const fn at_once(mut self, count: u32) -> Self {
        self.at_once = count;
        self
    }

    /// Records a refusal, and calls `log` if the refusal is logged immediately. A summary has the peer of the last
    /// refusal.
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
        // The lock is released first, because the subscriber may be slow or may itself cause a refusal.
        if is_logged {
            log();
        }
        if is_new {
            open(self);
        }
    }

    /// Returns the summary of the refusals since the last one. If there are none, closes the window and returns `None`.
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

/// The logs with an open window, and whether the thread that writes their summaries runs.
struct OpenLogs {
    logs: Vec<&'static RefusalLog>,
    has_thread: bool,
}

static OPEN_LOGS: Mutex<OpenLogs> = Mutex::new(OpenLogs {
    logs: Vec::new(),
    has_thread: false,
});

fn open_logs() -> MutexGuard<'static, OpenLogs> {
    OPEN_LOGS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl OpenLogs {
    /// Returns the summaries of all logs, and removes the logs whose window is closed.
    fn take_summaries(&mut self) -> Vec<Summary> {
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

/// Adds a log whose window was opened, and starts the thread if it does not run.
fn open(log: &'static RefusalLog) {
    let mut open = open_logs();
    open.logs.push(log);
    if !open.has_thread {
        // A thread is used because tokio's timers do not fire while handlers block all threads of the runtime.
        open.has_thread = thread::Builder::new()
            .name("centrifugo-refusals".into())
            .spawn(log_periodically)
            .is_ok();
    }
    // If the thread cannot be started, the window is closed. The next refusal opens it again and retries.
    let summaries = if open.has_thread {
        Vec::new()
    } else {
        open.take_summaries()
    };
    drop(open);
    summaries.iter().for_each(Summary::log);
}

fn log_periodically() {
    loop {
        thread::sleep(PERIOD);
        let mut open = open_logs();
        let summaries = open.take_summaries();
        open.has_thread = !open.logs.is_empty();
        let is_finished = !open.has_thread;
        drop(open);
        summaries.iter().for_each(Summary::log);
        if is_finished {
            return;
        }
    }
}

/// Logs the summaries of all refusals, before the program exits.
pub(super) fn log_summaries() {
    let summaries = open_logs().take_summaries();
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
        // A period without refusals closes the window, and the next refusal is logged at once.
        assert!(LOG.take(Instant::now()).is_none());
        LOG.record(None, || logged.set(logged.get() + 1));
        assert_eq!(logged.get(), 2);
    }

    #[test]
    fn logs_the_set_number_of_refusals_immediately() {
        static LOG: RefusalLog = RefusalLog::new("messages refused: test").at_once(10);
        let logged = Cell::new(0);
        for _ in 0..25 {
            LOG.record(None, || logged.set(logged.get() + 1));
        }
        assert_eq!(logged.get(), 10);
        assert_eq!(LOG.take(Instant::now()).unwrap().count, 15);
    }
}
