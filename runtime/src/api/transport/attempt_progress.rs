//! How far an attempt has come: whether it left, and whether its connection is silent since then.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::connection_activity::ConnectionActivity;

const WAITING: u8 = 0;
const SENT: u8 = 1;
const GIVEN_UP: u8 = 2;

/// Whether an attempt has begun to leave: until then it can be given up for certain.
#[derive(Clone, Debug, Default)]
pub(crate) struct AttemptProgress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    step: AtomicU8,
    /// When it left, in the time of `activity`.
    left: AtomicU64,
    /// The connection that it is about to leave on, or has left on.
    activity: Mutex<Option<Arc<ConnectionActivity>>>,
}

impl AttemptProgress {
    /// Names the connection that the attempt is about to leave on.
    pub(crate) fn attach(&self, activity: &Arc<ConnectionActivity>) {
        *self.0.activity.lock().unwrap_or_else(PoisonError::into_inner) = Some(activity.clone());
    }

    fn activity(&self) -> Option<Arc<ConnectionActivity>> {
        self.0
            .activity
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn advance(&self, step: u8) -> Result<u8, u8> {
        self.0
            .step
            .compare_exchange(WAITING, step, Ordering::AcqRel, Ordering::Acquire)
    }

    /// Notes that bytes are about to leave; false if the call was given up.
    pub(crate) fn start(&self) -> bool {
        match self.advance(SENT) {
            Ok(_) => {
                if let Some(activity) = self.activity() {
                    self.0.left.store(activity.now(), Ordering::Release);
                }
                true
            }
            Err(now) => now == SENT,
        }
    }

    /// Gives the call up; false if it is too late.
    pub(crate) fn give_up(&self) -> bool {
        self.advance(GIVEN_UP).is_ok()
    }

    pub(crate) fn is_sent(&self) -> bool {
        self.0.step.load(Ordering::Acquire) == SENT
    }

    /// Reports the connection as silent if the attempt left at least `patience` ago and nothing was received since.
    pub(crate) fn report_silence(&self, patience: Duration) -> bool {
        let Some(activity) = self.activity().filter(|_| self.is_sent()) else {
            return false;
        };
        let left = self.0.left.load(Ordering::Acquire);
        let is_silent = left > 0
            && u128::from(activity.now().saturating_sub(left)) >= patience.as_micros()
            && activity.is_silent_since(left);
        if is_silent {
            activity.report_silence(left);
        }
        is_silent
    }

    /// Waits until the connection has been silent for `patience` since the attempt left.
    pub(crate) async fn silence(&self, patience: Duration) {
        // When it leaves is not known beforehand.
        let step = (patience / 8).max(Duration::from_millis(1));
        loop {
            tokio::time::sleep(step).await;
            if self.report_silence(patience) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_leaves_or_is_given_up() {
        let leaves = AttemptProgress::default();
        assert!(leaves.start() && !leaves.give_up() && leaves.start() && leaves.is_sent());
        let given_up = AttemptProgress::default();
        assert!(given_up.give_up() && !given_up.start() && !given_up.is_sent());
    }

    #[tokio::test(start_paused = true)]
    async fn silence_counts_from_when_the_attempt_left() {
        const PATIENCE: Duration = Duration::from_secs(1);
        let activity = ConnectionActivity::new(&Arc::default());
        let progress = AttemptProgress::default();
        progress.attach(&activity);
        let silence = tokio::time::timeout(PATIENCE * 3, progress.silence(PATIENCE));
        assert!(silence.await.is_err(), "it has not left");
        assert!(progress.start());
        assert!(!progress.report_silence(PATIENCE));
        let silence = tokio::time::timeout(PATIENCE * 2, progress.silence(PATIENCE));
        assert!(silence.await.is_ok() && activity.is_silent());
        activity.record();
        let silence = tokio::time::timeout(PATIENCE * 3, progress.silence(PATIENCE));
        assert!(silence.await.is_err(), "something was received since");
    }
}
