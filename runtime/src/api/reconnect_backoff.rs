//! The delay between attempts while the connection fails.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(1);

/// Delays the attempts of all calls of a client while calls fail.
#[derive(Debug, Default)]
pub(crate) struct ReconnectBackoff(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    round: u64,
    ends_at: Option<Instant>,
    /// The text of the latest failure.
    cause: String,
}

/// The failures that were known when an attempt began. A thousand calls that fail together count as one failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BackoffRound(u64);

/// A failure that delays further attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordedFailure {
    pub(crate) delay: Duration,
    /// Whether the previous attempt succeeded.
    pub(crate) is_first: bool,
}

/// Returns the delay after this many consecutive failures. Its random part keeps clients from retrying at the same time.
pub(crate) fn delay(failures: u32) -> Duration {
    let delay = FIRST.saturating_mul(1 << failures.min(8)).min(LONGEST);
    delay.mul_f64(0.5 + random() / 2.0)
}

impl ReconnectBackoff {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until an attempt may start.
    pub(crate) async fn wait(&self) -> BackoffRound {
        loop {
            let (round, ends_at) = {
                let state = self.state();
                (state.round, state.ends_at)
            };
            match ends_at {
                Some(end) if end > Instant::now() => tokio::time::sleep_until(end).await,
                _ => return BackoffRound(round),
            }
        }
    }

    /// Returns the text of the failure that delays attempts.
    pub(crate) fn cause(&self) -> String {
        self.state().cause.clone()
    }

    /// Notes that an attempt of this round failed. Returns nothing if another attempt of the round failed before.
    pub(crate) fn record_failure(&self, round: BackoffRound, cause: &str) -> Option<RecordedFailure> {
        let mut state = self.state();
        if state.round != round.0 {
            return None;
        }
        let is_first = state.failures == 0;
        let delay = delay(state.failures);
        state.round += 1;
        state.failures = state.failures.saturating_add(1);
        state.ends_at = Some(Instant::now() + delay);
        cause.clone_into(&mut state.cause);
        Some(RecordedFailure { delay, is_first })
    }

    /// Notes that the peer answered, so that attempts start without delay.
    pub(crate) fn record_answer(&self) {
        let mut state = self.state();
        if state.failures > 0 {
            state.failures = 0;
            state.ends_at = None;
        }
    }
}

/// Returns a random number from 0 to 1, from the random keys of the standard library's hasher.
fn random() -> f64 {
    (RandomState::new().hash_one(0_u8) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn grows_delays_to_a_limit_and_resets_them_after_an_answer() {
        let backoff = ReconnectBackoff::default();
        let mut last = Duration::ZERO;
        for failure in 0..20 {
            let before = Instant::now();
            let round = backoff.wait().await;
            assert!(
                before.elapsed() >= last.saturating_sub(Duration::from_millis(2)),
                "{failure}"
            );
            let recorded = backoff.record_failure(round, "refused").unwrap();
            assert_eq!(recorded.is_first, failure == 0);
            last = recorded.delay;
            assert_eq!(
                backoff.record_failure(round, "refused"),
                None,
                "one failure a round"
            );
            assert!(last <= LONGEST);
        }
        assert!(last >= LONGEST / 2);
        backoff.record_answer();
        let before = Instant::now();
        backoff.wait().await;
        assert_eq!(before.elapsed(), Duration::ZERO);
    }

    #[test]
    fn makes_different_random_numbers() {
        let values: Vec<_> = (0..10).map(|_| random()).collect();
        assert!(values.iter().all(|value| (0.0..1.0).contains(value)));
        assert!(values.iter().any(|value| *value != values[0]));
    }
}
