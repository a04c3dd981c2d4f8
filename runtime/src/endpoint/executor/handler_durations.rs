//! Which handlers take long, and so must not run on an I/O thread.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

/// What runs for longer than this keeps others waiting.
const LONG: Duration = Duration::from_micros(50);
/// What one long run adds. Each short one takes 1 away.
const PENALTY: u8 = 50;
/// From here on a handler runs on the threads of handlers. One long run may be the scheduler's doing: two are not.
const SLOW: u8 = 60;
const MAX: u8 = 250;

/// A score for each handler.
pub(super) struct Slowness(Vec<AtomicU8>);

impl Slowness {
    pub(super) fn new(handlers: usize) -> Self {
        Self((0..handlers).map(|_| AtomicU8::new(0)).collect())
    }

    pub(super) fn is_slow(&self, handler: usize) -> bool {
        self.0
            .get(handler)
            .is_none_or(|score| score.load(Ordering::Relaxed) >= SLOW)
    }

    /// A handler ran for so long without a pause.
    pub(super) fn record(&self, handler: usize, took: Duration) {
        let Some(score) = self.0.get(handler) else { return };
        // Two threads that record at once lose one of the two: it is a rule of thumb.
        let now = score.load(Ordering::Relaxed);
        if took > LONG {
            score.store(now.saturating_add(PENALTY).min(MAX), Ordering::Relaxed);
        } else if now > 0 {
            score.store(now - 1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_long_runs_make_a_handler_slow_until_many_short_ones_follow() {
        let slowness = Slowness::new(1);
        slowness.record(0, LONG * 2);
        assert!(!slowness.is_slow(0));
        slowness.record(0, LONG * 2);
        assert!(slowness.is_slow(0));
        for _ in 0..PENALTY {
            slowness.record(0, Duration::ZERO);
        }
        assert!(!slowness.is_slow(0));
        for _ in 0..100 {
            slowness.record(0, LONG * 2);
        }
        for _ in 0..=(MAX - SLOW) {
            assert!(slowness.is_slow(0));
            slowness.record(0, Duration::ZERO);
        }
        assert!(!slowness.is_slow(0));
    }

    #[test]
    fn what_is_no_handler_is_slow() {
        assert!(Slowness::new(1).is_slow(usize::MAX));
    }
}
