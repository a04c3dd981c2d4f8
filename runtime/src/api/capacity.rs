//! How many calls of a client are under way at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Calls under way at once; further ones wait for their turn.
pub(crate) const CALLS: usize = 1024;
/// What the requests of these calls may have together, in KiB. A longer one takes all.
const KIB: u32 = 32 * 1024;

#[derive(Debug)]
pub(crate) struct Capacity {
    calls: Arc<Semaphore>,
    kib: Arc<Semaphore>,
}

impl Default for Capacity {
    fn default() -> Self {
        Self {
            calls: Arc::new(Semaphore::new(CALLS)),
            kib: Arc::new(Semaphore::new(KIB as usize)),
        }
    }
}

/// A call's share of the capacity. It travels with the request, and is free again when the last clone is dropped: a
/// request that was given up holds it as long as it stands in some queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Share(#[allow(dead_code, reason = "held")] Option<Arc<[OwnedSemaphorePermit; 2]>>);

impl Capacity {
    /// Waits for a share for a request of `len` bytes.
    pub(crate) async fn share(&self, len: usize) -> Share {
        let kib = u32::try_from(len / 1024 + 1).unwrap_or(KIB).min(KIB);
        // Neither is ever closed.
        let Ok(call) = self.calls.clone().acquire_owned().await else {
            return Share::default();
        };
        match self.kib.clone().acquire_many_owned(kib).await {
            Ok(kib) => Share(Some(Arc::new([call, kib]))),
            Err(_) => Share::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    async fn is_full(capacity: &Capacity, len: usize) -> bool {
        tokio::time::timeout(Duration::from_millis(1), capacity.share(len))
            .await
            .is_err()
    }

    #[tokio::test(start_paused = true)]
    async fn calls_and_bytes_are_bounded() {
        let capacity = Capacity::default();
        let mut shares = Vec::new();
        for _ in 0..CALLS {
            shares.push(capacity.share(10).await);
        }
        assert!(is_full(&capacity, 10).await);
        let clone = shares.pop().unwrap();
        let held = clone.clone();
        drop(clone);
        assert!(is_full(&capacity, 10).await, "a clone holds it");
        drop(held);
        shares.push(capacity.share(10).await);
        shares.clear();

        let large = capacity.share(usize::MAX).await;
        assert!(is_full(&capacity, 0).await);
        drop(large);
        let _half = capacity.share(20 << 20).await;
        assert!(is_full(&capacity, 20 << 20).await && !is_full(&capacity, 10 << 20).await);
    }
}
