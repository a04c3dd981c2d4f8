//! Limits the concurrent calls to the health service on one connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The most concurrent calls. Probes make one at a time.
const MAX_CALLS: usize = 8;

/// Counts the calls of one connection.
#[derive(Clone, Default)]
pub(super) struct HealthCalls(Arc<AtomicUsize>);

/// Counts a call as active until it is dropped.
pub(super) struct HealthCall(HealthCalls);

impl HealthCalls {
    /// Returns `None` if the limit is reached.
    pub(super) fn begin(&self) -> Option<HealthCall> {
        // The call is counted before the check. Its `drop` corrects the count if the limit is reached.
        let call = HealthCall(self.clone());
        (self.0.fetch_add(1, Ordering::Relaxed) < MAX_CALLS).then_some(call)
    }
}

impl Drop for HealthCall {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_concurrent_calls() {
        let calls = HealthCalls::default();
        let mut held: Vec<_> = (0..MAX_CALLS).map(|_| calls.begin().unwrap()).collect();
        assert!(calls.begin().is_none() && calls.begin().is_none());
        held.pop();
        assert!(calls.begin().is_some());
    }
}
