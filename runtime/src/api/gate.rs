//! When the next attempt may start: after failures the client waits longer and longer, each time a little differently.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(1);

/// Shared by all calls of a client.
#[derive(Debug, Default)]
pub(crate) struct Gate(Mutex<State>);

/// How long to wait after this many failures in a row, each time a little differently.
pub(crate) fn backoff(failures: u32) -> Duration {
    let delay = FIRST.saturating_mul(1 << failures.min(8)).min(LONGEST);
    delay.mul_f64(0.5 + jitter() / 2.0)
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    round: u64,
    open_at: Option<Instant>,
    /// The failure that closed it.
    cause: String,
}

/// The failures that were known when an attempt began: a thousand calls that fail together are one failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Round(u64);

impl Gate {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until an attempt may start.
    pub(crate) async fn pass(&self) -> Round {
        loop {
            let (round, open_at) = {
                let state = self.state();
                (state.round, state.open_at)
            };
            match open_at {
                Some(at) if at > Instant::now() => tokio::time::sleep_until(at).await,
                _ => return Round(round),
            }
        }
    }

    /// The failure for which attempts wait.
    pub(crate) fn cause(&self) -> String {
        self.state().cause.clone()
    }

    /// An attempt of this round failed. Returns how long the gate is closed, if it was open.
    pub(crate) fn close(&self, round: Round, cause: &str) -> Option<Duration> {
        let mut state = self.state();
        if state.round != round.0 {
            return None;
        }
        let delay = backoff(state.failures);
        state.round += 1;
        state.failures = state.failures.saturating_add(1);
        state.open_at = Some(Instant::now() + delay);
        cause.clone_into(&mut state.cause);
        Some(delay)
    }

    /// The peer answered.
    pub(crate) fn open(&self) {
        let mut state = self.state();
        if state.failures > 0 {
            state.failures = 0;
            state.open_at = None;
        }
    }
}

/// 0 to 1: the keys of the standard library's hasher are random.
fn jitter() -> f64 {
    (RandomState::new().hash_one(0_u8) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waits_grow_to_a_limit_and_end_with_an_answer() {
        let gate = Gate::default();
        let mut last = Duration::ZERO;
        for failure in 0..20 {
            let before = Instant::now();
            let round = gate.pass().await;
            assert!(
                before.elapsed() >= last.saturating_sub(Duration::from_millis(2)),
                "{failure}"
            );
            last = gate.close(round, "refused").unwrap();
            assert_eq!(gate.close(round, "refused"), None, "one failure a round");
            assert!(last <= LONGEST);
        }
        assert!(last >= LONGEST / 2);
        gate.open();
        let before = Instant::now();
        gate.pass().await;
        assert_eq!(before.elapsed(), Duration::ZERO);
    }

    #[test]
    fn jitter_differs() {
        let values: Vec<_> = (0..10).map(|_| jitter()).collect();
        assert!(values.iter().all(|value| (0.0..1.0).contains(value)));
        assert!(values.iter().any(|value| *value != values[0]));
    }
}
