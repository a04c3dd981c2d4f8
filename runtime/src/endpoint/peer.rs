//! Tracks the peer of one connection: how many of its calls were refused, how much it has sent, and whether it is idle.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

/// The number of refused calls after which the connection is closed, unless one call was admitted.
const MAX_REFUSED_CALLS: usize = 256;

/// The most bytes that a connection reads in one poll.
pub(crate) const MAX_READ_PER_POLL: usize = 16 * 1024;

/// How long a peer may take for the TLS handshake, for the first bytes that show its protocol, and at the HTTP endpoint for its first
/// call.
pub(super) const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a connection without a call is idle before it is closed. Centrifugo keeps its connections without a limit.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// The peer of a connection. It counts as unauthenticated until one of its calls is admitted.
#[derive(Debug, Default)]
pub(crate) struct Peer {
    /// `None` if the program's own server has accepted the connection.
    address: Option<SocketAddr>,
    is_admitted: AtomicBool,
    refused_calls: AtomicUsize,
    begun_calls: AtomicUsize,
    ended_calls: AtomicUsize,
    /// The number of bytes that were read in the current poll of the connection, which is the only one that changes it.
    read_in_poll: AtomicUsize,
    /// Notified to close the connection.
    close: Notify,
}

/// A call that is under way until it is dropped.
#[cfg(feature = "http")]
pub(crate) struct CallUnderWay {
    pub(crate) peer: Arc<Peer>,
}

#[cfg(feature = "http")]
impl Drop for CallUnderWay {
    fn drop(&mut self) {
        self.peer.ended_calls.fetch_add(1, Ordering::Relaxed);
    }
}

impl Peer {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self {
            address: Some(address),
            ..Self::default()
        }
    }

    pub(crate) fn address(&self) -> Option<SocketAddr> {
        self.address
    }

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

    /// Records the begin of a call, whether it will be admitted or refused.
    #[cfg(feature = "http")]
    pub(crate) fn begin_call(self: &Arc<Self>) -> CallUnderWay {
        self.begun_calls.fetch_add(1, Ordering::Relaxed);
        CallUnderWay { peer: self.clone() }
    }

    /// Waits until no call is under way, and none has begun for a time that is shorter without an admitted call.
    pub(super) async fn idle(&self) {
        loop {
            // The end first: a call that begins between the two loads is then under way.
            let ended = self.ended_calls.load(Ordering::Relaxed);
            let begun = self.begun_calls.load(Ordering::Relaxed);
            sleep(if self.is_admitted() {
                IDLE_TIMEOUT
            } else {
                HANDSHAKE_TIMEOUT
            })
            .await;
            if ended == begun && begun == self.begun_calls.load(Ordering::Relaxed) {
                return;
            }
        }
    }

    /// Starts a poll of the connection, in which it may read [`MAX_READ_PER_POLL`] bytes.
    pub(crate) fn begin_poll(&self) {
        self.read_in_poll.store(0, Ordering::Relaxed);
    }

    pub(crate) fn record_read(&self, bytes: usize) {
        let before = self.read_in_poll.load(Ordering::Relaxed);
        self.read_in_poll.store(before + bytes, Ordering::Relaxed);
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

    #[cfg(feature = "http")]
    #[tokio::test(start_paused = true)]
    async fn is_idle_without_calls_for_a_time_that_depends_on_admission() {
        use tokio::time::Instant;

        let (peer, start) = (Peer::default(), Instant::now());
        peer.idle().await;
        assert_eq!(start.elapsed(), HANDSHAKE_TIMEOUT);

        let (peer, start) = (Arc::new(Peer::default()), Instant::now());
        let idle = tokio::spawn({
            let peer = peer.clone();
            async move { peer.idle().await }
        });
        // A call that is under way for longer than both times.
        let call = peer.begin_call();
        peer.admit();
        sleep(3 * IDLE_TIMEOUT).await;
        assert!(!idle.is_finished());
        drop(call);
        sleep(IDLE_TIMEOUT / 2).await;
        drop(peer.begin_call());
        let last = start.elapsed();
        idle.await.unwrap();
        let silence = start.elapsed() - last;
        assert!(
            silence >= IDLE_TIMEOUT && silence <= 2 * IDLE_TIMEOUT,
            "{silence:?}"
        );
    }
}
