//! Finds out which handlers are slow and therefore must not run on an I/O thread.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

/// A poll that takes longer than this is slow.
const SLOW_POLL: Duration = Duration::from_micros(50);
/// What a slow poll adds to the score. Each fast poll subtracts 1.
const PENALTY: u8 = 50;
/// The score from which a handler is slow. It takes two slow polls to reach it, since the scheduler may be the cause of one.
const SLOW_SCORE: u8 = 60;
const MAX_SCORE: u8 = 250;
/// The score of a handler that may block its thread, which no fast poll changes.
const BLOCKING: u8 = u8::MAX;

/// A score for each handler, by its route index.
pub(super) struct SlowHandlers(Vec<AtomicU8>);

impl SlowHandlers {
    /// Takes for each handler whether its attribute says that it may block its thread.
    pub(super) fn new(are_blocking: impl IntoIterator<Item = bool>) -> Self {
        let score = |is_blocking| AtomicU8::new(if is_blocking { BLOCKING } else { 0 });
        Self(are_blocking.into_iter().map(score).collect())
    }

    /// Returns whether a handler is slow. Everything that is not a handler is.
    pub(super) fn is_slow(&self, route_index: usize) -> bool {
        self.0
            .get(route_index)
            .is_none_or(|score| score.load(Ordering::Relaxed) >= SLOW_SCORE)
    }

    /// Records how long a poll of a handler took.
    pub(super) fn record(&self, route_index: usize, elapsed: Duration) {
        let Some(score) = self.0.get(route_index) else {
            return;
        };
        // Of two concurrent updates one may be lost. The score is only a heuristic.
        let current = score.load(Ordering::Relaxed);
        if current == BLOCKING {
            return;
        }
        if elapsed > SLOW_POLL {
            score.store(current.saturating_add(PENALTY).min(MAX_SCORE), Ordering::Relaxed);
        } else if current > 0 {
            score.store(current - 1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_slow_polls_make_a_handler_slow_until_many_fast_polls_follow() {
        let handlers = SlowHandlers::new([false]);
        handlers.record(0, SLOW_POLL * 2);
        assert!(!handlers.is_slow(0));
        handlers.record(0, SLOW_POLL * 2);
        assert!(handlers.is_slow(0));
        for _ in 0..PENALTY {
            handlers.record(0, Duration::ZERO);
        }
        assert!(!handlers.is_slow(0));
        for _ in 0..100 {
            handlers.record(0, SLOW_POLL * 2);
        }
        for _ in 0..=(MAX_SCORE - SLOW_SCORE) {
            assert!(handlers.is_slow(0));
            handlers.record(0, Duration::ZERO);
        }
        assert!(!handlers.is_slow(0));
    }

    #[test]
    fn treats_an_unknown_index_as_slow() {
        assert!(SlowHandlers::new([false]).is_slow(usize::MAX));
    }

    #[test]
    fn treats_a_blocking_handler_as_slow_whatever_its_polls_take() {
        let handlers = SlowHandlers::new([true]);
        for _ in 0..1000 {
            handlers.record(0, Duration::ZERO);
        }
        assert!(handlers.is_slow(0));
    }
}
