//! What a program remembers of the peer of one connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Calls that are refused before any is admitted, until the connection is closed.
const REFUSED_CALLS: usize = 256;

/// Bytes that a connection reads before others have their turn.
pub(crate) const TURN: usize = 16 * 1024;

/// The peer of a connection. Until one of its calls is admitted, it is not trusted with much.
#[derive(Debug, Default)]
pub(crate) struct Peer {
    is_admitted: AtomicBool,
    refused: AtomicUsize,
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
    pub(crate) fn is_unwelcome(&self) -> bool {
        self.refused.load(Ordering::Relaxed) >= REFUSED_CALLS && !self.is_admitted.load(Ordering::Relaxed)
    }

    /// Begins a turn, in which the connection may read [`TURN`] bytes.
    pub(crate) fn begin_turn(&self) {
        self.read.store(0, Ordering::Relaxed);
    }

    pub(crate) fn note_read(&self, bytes: usize) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn is_turn_over(&self) -> bool {
        self.read.load(Ordering::Relaxed) >= TURN
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
