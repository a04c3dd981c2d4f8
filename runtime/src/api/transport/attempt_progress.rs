//! The progress of an attempt: whether it was sent, and whether its connection has been silent since.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::connection_activity::ConnectionActivity;

const WAITING: u8 = 0;
const SENT: u8 = 1;
const GIVEN_UP: u8 = 2;

/// Whether sending of an attempt has started. Until then it can be cancelled with certainty.
#[derive(Clone, Debug, Default)]
pub(crate) struct AttemptProgress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    step: AtomicU8,
    /// When it was sent, on the clock of `activity`.
    left: AtomicU64,
    /// The connection that it is sent on.
    activity: Mutex<Option<Arc<ConnectionActivity>>>,
}

impl AttemptProgress {
    /// Sets the connection that the attempt is about to be sent on.
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

    /// Notes that sending starts. Returns false if the call was cancelled.
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

    /// Cancels the call. Returns false if it was already sent.
    pub(crate) fn give_up(&self) -> bool {
        self.advance(GIVEN_UP).is_ok()
    }

    pub(crate) fn is_sent(&self) -> bool {
        self.0.step.load(Ordering::Acquire) == SENT
    }

    /// Reports the connection as silent if the attempt was sent at least `patience` ago and nothing was received since.
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

    /// Waits until the connection has been silent for `patience` since the attempt was sent.
    pub(crate) async fn silence(&self, patience: Duration) {
        // It is not known when the attempt will be sent, so this polls.
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
    fn is_either_sent_or_cancelled() {
        let leaves = AttemptProgress::default();
        assert!(leaves.start() && !leaves.give_up() && leaves.start() && leaves.is_sent());
        let given_up = AttemptProgress::default();
        assert!(given_up.give_up() && !given_up.start() && !given_up.is_sent());
    }

    #[tokio::test(start_paused = true)]
    async fn measures_silence_from_the_time_of_sending() {
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
