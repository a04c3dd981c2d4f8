//! A `batch` request of publishes.

use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use crate::api::transport::attempt_progress::AttemptProgress;
use crate::api::transport::connection_activity::ConnectionActivity;
use crate::api::transport::transport::Attempt;

/// Publishes that are about to be sent in one request.
pub(super) struct PublishBatch {
    calls: Vec<(Bytes, AttemptProgress)>,
    sent: SentCalls,
}

/// For each call of a batch, whether it was sent: a call may be cancelled before the batch is written.
#[derive(Clone, Default)]
pub(super) struct SentCalls(Arc<Mutex<Vec<bool>>>);

impl SentCalls {
    pub(super) fn take(&self) -> Vec<bool> {
        take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl PublishBatch {
    pub(super) fn new(attempts: &[Attempt]) -> Self {
        let call = |attempt: &Attempt| (attempt.body.clone(), attempt.progress.clone());
        Self {
            calls: attempts.iter().map(call).collect(),
            sent: SentCalls::default(),
        }
    }

    pub(super) fn sent(&self) -> SentCalls {
        self.sent.clone()
    }

    /// Sets the connection that the calls are about to be sent on.
    pub(super) fn attach(&self, activity: &Arc<ConnectionActivity>) {
        for (_, progress) in &self.calls {
            progress.attach(activity);
        }
    }

    /// Returns the request with all calls that were not cancelled, and marks them as sent.
    pub(super) fn start(self) -> Bytes {
        let mut text = Vec::from(&br#"{"parallel":true,"commands":["#[..]);
        let mut sent = self.sent.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (body, progress) in &self.calls {
            let starts = progress.start();
            if starts {
                if sent.contains(&true) {
                    text.push(b',');
                }
                text.extend_from_slice(br#"{"publish":"#);
                text.extend_from_slice(body);
                text.push(b'}');
            }
            sent.push(starts);
        }
        text.extend_from_slice(b"]}");
        text.into()
    }
}
