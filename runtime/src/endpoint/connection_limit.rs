//! How many connections are open at once, on all endpoints of a program.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections that are open at once, unless set. An idle one costs about 23 kB.
pub(crate) const MAX_CONNECTIONS: usize = 2048;

/// The limit that the endpoints share.
#[derive(Clone)]
pub(crate) struct ConnectionLimit {
    max: usize,
    open: Arc<Semaphore>,
}

/// A place among the open connections, until this is dropped.
pub(crate) struct ConnectionPermit(#[allow(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl ConnectionLimit {
    pub(crate) fn new(max: Option<usize>) -> Self {
        let max = max.unwrap_or(MAX_CONNECTIONS).min(Semaphore::MAX_PERMITS);
        Self {
            max,
            open: Arc::new(Semaphore::new(max)),
        }
    }

    pub(crate) fn max(&self) -> usize {
        self.max
    }

    /// Returns `None` if all places are taken.
    pub(crate) fn take(&self) -> Option<ConnectionPermit> {
        self.open.clone().try_acquire_owned().ok().map(ConnectionPermit)
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
}
