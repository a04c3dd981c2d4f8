//! How many calls to the health service a connection has under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Calls that one connection may have under way. Probes make one at a time.
const MAX: usize = 8;

/// The calls of one connection.
#[derive(Clone, Default)]
pub(super) struct HealthCalls(Arc<AtomicUsize>);

/// A call that is under way, until this is dropped.
pub(super) struct HealthCall(HealthCalls);

impl HealthCalls {
    /// Counts a call. Returns `None` if there are too many.
    pub(super) fn begin(&self) -> Option<HealthCall> {
        // Counted before the check, and given back by `drop` if it is one too many.
        let call = HealthCall(self.clone());
        (self.0.fetch_add(1, Ordering::Relaxed) < MAX).then_some(call)
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
    fn limits_the_calls_that_are_under_way() {
        let calls = HealthCalls::default();
        let mut held: Vec<_> = (0..MAX).map(|_| calls.begin().unwrap()).collect();
        assert!(calls.begin().is_none() && calls.begin().is_none());
        held.pop();
        assert!(calls.begin().is_some());
    }
}
