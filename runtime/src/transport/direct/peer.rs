//! What a program remembers of the peer of one connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Calls to the health service that one connection may have under way. Probes make one at a time.
const HEALTH_CALLS: usize = 8;
/// Calls that are refused before any is admitted, until the connection is closed.
const REFUSED_CALLS: usize = 256;

/// Bytes that a connection reads before others have their turn.
pub(super) const TURN: usize = 16 * 1024;

/// The peer of a connection. Until one of its calls is admitted, it is not trusted with much.
#[derive(Debug, Default)]
pub(crate) struct Peer {
    is_admitted: AtomicBool,
    refused: AtomicUsize,
    health_calls: AtomicUsize,
    /// Bytes that were read in this turn.
    read: AtomicUsize,
}

impl Peer {
    /// Notes that a call was admitted.
    pub(crate) fn admit(&self) {
        if !self.is_admitted.load(Ordering::Relaxed) {
            self.is_admitted.store(true, Ordering::Relaxed);
        }
    }

    /// Notes that a call was refused.
    pub(crate) fn refuse(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns whether the connection should be closed, since all it made were calls that were refused.
    pub(super) fn is_unwelcome(&self) -> bool {
        self.refused.load(Ordering::Relaxed) >= REFUSED_CALLS && !self.is_admitted.load(Ordering::Relaxed)
    }

    /// Begins a turn, in which the connection may read [`TURN`] bytes.
    pub(super) fn begin_turn(&self) {
        self.read.store(0, Ordering::Relaxed);
    }

    pub(super) fn note_read(&self, bytes: usize) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn is_turn_over(&self) -> bool {
        self.read.load(Ordering::Relaxed) >= TURN
    }

    /// Counts a call to the health service; `None` if there are too many.
    pub(crate) fn begin_health_call(self: &Arc<Self>) -> Option<HealthCall> {
        // Counted before the check, and given back by `drop` if it is one too many.
        let call = HealthCall(self.clone());
        (self.health_calls.fetch_add(1, Ordering::Relaxed) < HEALTH_CALLS).then_some(call)
    }
}

/// A call to the health service that is under way.
pub(crate) struct HealthCall(Arc<Peer>);

impl Drop for HealthCall {
    fn drop(&mut self) {
        self.0.health_calls.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A service that answers the calls of one connection.
pub(crate) trait ForPeer {
    fn for_peer(&self, peer: &Arc<Peer>) -> Self;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_the_health_calls_that_are_under_way() {
        let peer = Arc::new(Peer::default());
        let mut calls: Vec<_> = (0..HEALTH_CALLS)
            .map(|_| peer.begin_health_call().unwrap())
            .collect();
        assert!(peer.begin_health_call().is_none());
        calls.pop();
        assert!(peer.begin_health_call().is_some());
    }

    #[test]
    fn is_unwelcome_only_if_no_call_was_admitted() {
        let peer = Peer::default();
        (1..REFUSED_CALLS).for_each(|_| peer.refuse());
        assert!(!peer.is_unwelcome());
        peer.refuse();
        assert!(peer.is_unwelcome());
        peer.admit();
        assert!(!peer.is_unwelcome());
    }
}
