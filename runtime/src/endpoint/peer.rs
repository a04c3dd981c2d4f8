//! Tracks the peer of one connection: how many of its calls were refused, and how much it has sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::Notify;

/// The number of refused calls after which the connection is closed, unless one call was admitted.
const MAX_REFUSED_CALLS: usize = 256;

/// The most bytes that a connection reads in one poll.
pub(crate) const MAX_READ_PER_POLL: usize = 16 * 1024;

/// The peer of a connection. It counts as unauthenticated until one of its calls is admitted.
#[derive(Debug, Default)]
pub(crate) struct Peer {
    is_admitted: AtomicBool,
    refused_calls: AtomicUsize,
    /// The number of bytes that were read in the current poll of the connection.
    read_in_poll: AtomicUsize,
    /// Notified to close the connection.
    close: Notify,
}

impl Peer {
    /// Records that a call was admitted.
    pub(crate) fn admit(&self) {
        if !self.is_admitted() {
            self.is_admitted.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn is_admitted(&self) -> bool {
        self.is_admitted.load(Ordering::Relaxed)
    }

    /// Records that a call was refused.
    pub(crate) fn refuse(&self) {
        self.refused_calls.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns whether the connection must be closed, since too many calls were refused and none was admitted.
    pub(crate) fn must_disconnect(&self) -> bool {
        self.refused_calls.load(Ordering::Relaxed) >= MAX_REFUSED_CALLS && !self.is_admitted()
    }

    /// Closes the connection, unless a call was admitted in the meantime.
    pub(crate) fn close(&self) {
        self.close.notify_one();
    }

    /// Waits for [`Self::close`].
    pub(crate) async fn closed(&self) {
        self.close.notified().await;
    }

    /// Starts a poll of the connection, in which it may read [`MAX_READ_PER_POLL`] bytes.
    pub(crate) fn begin_poll(&self) {
        self.read_in_poll.store(0, Ordering::Relaxed);
    }

    pub(crate) fn record_read(&self, bytes: usize) {
        self.read_in_poll.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Returns whether the connection has to yield before it reads more.
    pub(crate) fn is_read_limit_reached(&self) -> bool {
        self.read_in_poll.load(Ordering::Relaxed) >= MAX_READ_PER_POLL
    }
}

/// A service that is cloned for each connection.
pub(crate) trait ForPeer {
    /// Returns the service for the calls of one peer.
    fn for_peer(&self, peer: &Arc<Peer>) -> Self;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn must_disconnect_only_if_no_call_was_admitted() {
        let peer = Peer::default();
        (1..MAX_REFUSED_CALLS).for_each(|_| peer.refuse());
        assert!(!peer.must_disconnect());
        peer.refuse();
        assert!(peer.must_disconnect());
        peer.admit();
        assert!(!peer.must_disconnect());
    }
}
