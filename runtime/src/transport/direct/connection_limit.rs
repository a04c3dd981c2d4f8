//! How many connections are open at once, on all endpoints of a program.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections that are open at once, unless set. An idle one costs about 23 kB.
pub(super) const MAX_CONNECTIONS: usize = 2048;
/// How often refused connections are logged.
const LOG_INTERVAL: Duration = Duration::from_secs(10);

/// The limit that the endpoints share.
#[derive(Clone)]
pub(super) struct ConnectionLimit {
    max: usize,
    open: Arc<Semaphore>,
}

/// A place among the open connections, until this is dropped.
pub(super) struct ConnectionPermit(#[allow(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl ConnectionLimit {
    pub(super) fn new(max: Option<usize>) -> Self {
        let max = max.unwrap_or(MAX_CONNECTIONS).min(Semaphore::MAX_PERMITS);
        Self {
            max,
            open: Arc::new(Semaphore::new(max)),
        }
    }

    pub(super) fn max(&self) -> usize {
        self.max
    }

    /// Returns `None` if all places are taken.
    pub(super) fn take(&self) -> Option<ConnectionPermit> {
        self.open.clone().try_acquire_owned().ok().map(ConnectionPermit)
    }
}

/// Counts refused connections, and says when a line about them is due: the first at once, then one each `LOG_INTERVAL`.
#[derive(Default)]
pub(super) struct RefusedConnections {
    count: u64,
    logged: Option<Instant>,
}

impl RefusedConnections {
    pub(super) fn add(&mut self) {
        self.count += 1;
    }

    /// Takes the count of those not logged yet, if a line is due.
    pub(super) fn due(&mut self, now: Instant) -> Option<u64> {
        let waits = self
            .logged
            .is_some_and(|logged| now.saturating_duration_since(logged) < LOG_INTERVAL);
        if self.count == 0 || waits {
            return None;
        }
        self.logged = Some(now);
        Some(std::mem::take(&mut self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_connections_over_the_limit_until_one_closes() {
        let limit = ConnectionLimit::new(Some(2));
        let (first, second) = (limit.take(), limit.clone().take());
        assert!(first.is_some() && second.is_some() && limit.take().is_none());
        drop(first);
        assert!(limit.take().is_some());
    }

    #[test]
    fn logs_the_first_refusal_at_once_and_the_others_together() {
        let mut refused = RefusedConnections::default();
        let start = Instant::now();
        assert_eq!(refused.due(start), None);
        refused.add();
        assert_eq!(refused.due(start), Some(1));
        refused.add();
        refused.add();
        assert_eq!(refused.due(start + LOG_INTERVAL / 2), None);
        assert_eq!(refused.due(start + LOG_INTERVAL), Some(2));
        assert_eq!(refused.due(start + 3 * LOG_INTERVAL), None);
    }
}
