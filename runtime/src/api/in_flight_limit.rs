//! The limit on calls in flight.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The maximum number of calls in flight. Further calls wait.
pub(crate) const CALLS: usize = 1024;
/// The maximum total length of their requests, in KiB. A longer request is sent alone.
const KIB: u32 = 32 * 1024;

#[derive(Debug)]
pub(crate) struct InFlightLimit {
    calls: Arc<Semaphore>,
    kib: Arc<Semaphore>,
}

impl Default for InFlightLimit {
    fn default() -> Self {
        Self {
            calls: Arc::new(Semaphore::new(CALLS)),
            kib: Arc::new(Semaphore::new(KIB as usize)),
        }
    }
}

/// A call's permit, which is free again when the last clone is dropped.
///
/// It stays with the request: a cancelled call holds it as long as its request is in a queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct InFlightPermit(#[allow(dead_code, reason = "held")] Option<Arc<[OwnedSemaphorePermit; 2]>>);

impl InFlightLimit {
    /// Waits for a permit for a request of `len` bytes.
    pub(crate) async fn acquire(&self, len: usize) -> InFlightPermit {
        let kib = u32::try_from(len / 1024 + 1).unwrap_or(KIB).min(KIB);
        // The semaphores are never closed.
        let Ok(call) = self.calls.clone().acquire_owned().await else {
            return InFlightPermit::default();
        };
        match self.kib.clone().acquire_many_owned(kib).await {
            Ok(kib) => InFlightPermit(Some(Arc::new([call, kib]))),
            Err(_) => InFlightPermit::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    async fn is_full(limit: &InFlightLimit, len: usize) -> bool {
        tokio::time::timeout(Duration::from_millis(1), limit.acquire(len))
            .await
            .is_err()
    }

    #[tokio::test(start_paused = true)]
    async fn limits_calls_and_bytes() {
        let limit = InFlightLimit::default();
        let mut permits = Vec::new();
        for _ in 0..CALLS {
            permits.push(limit.acquire(10).await);
        }
        assert!(is_full(&limit, 10).await);
        let clone = permits.pop().unwrap();
        let held = clone.clone();
        drop(clone);
        assert!(is_full(&limit, 10).await, "a clone holds it");
        drop(held);
        permits.push(limit.acquire(10).await);
        permits.clear();

        let large = limit.acquire(usize::MAX).await;
        assert!(is_full(&limit, 0).await);
        drop(large);
        let _half = limit.acquire(20 << 20).await;
        assert!(is_full(&limit, 20 << 20).await && !is_full(&limit, 10 << 20).await);
    }
}
