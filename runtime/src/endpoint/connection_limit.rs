//! Limits the number of open connections of a program.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::unadmitted_peers::UnadmittedPeers;

/// The default limit. An idle connection takes about 23 kB.
pub(crate) const MAX_CONNECTIONS: usize = 2048;

/// The limit, which all endpoints of a program share.
#[derive(Clone)]
pub(crate) struct ConnectionLimit {
    max: usize,
    open: Arc<Semaphore>,
    unadmitted: UnadmittedPeers,
}

/// Counts a connection as open until it is dropped.
pub(crate) struct ConnectionPermit(#[allow(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl ConnectionLimit {
    pub(crate) fn new(max: Option<usize>) -> Self {
        let max = max.unwrap_or(MAX_CONNECTIONS).min(Semaphore::MAX_PERMITS);
        Self {
            max,
            open: Arc::new(Semaphore::new(max)),
            unadmitted: UnadmittedPeers::new(max),
        }
    }

    pub(crate) fn max(&self) -> usize {
        self.max
    }

    /// The connections without an admitted call.
    pub(super) fn unadmitted(&self) -> &UnadmittedPeers {
        &self.unadmitted
    }

    /// Returns `None` if the limit is reached.
    pub(crate) fn try_acquire(&self) -> Option<ConnectionPermit> {
        self.open.clone().try_acquire_owned().ok().map(ConnectionPermit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_connections_over_the_limit_until_one_closes() {
        let limit = ConnectionLimit::new(Some(2));
        let (first, second) = (limit.try_acquire(), limit.clone().try_acquire());
        assert!(first.is_some() && second.is_some() && limit.try_acquire().is_none());
        drop(first);
        assert!(limit.try_acquire().is_some());
    }
}
