//! Limits the connections of which no call was admitted.
//!
//! Such a connection may belong to a peer without the secret. It holds buffers and the decoded part of its headers, and
//! counts against the limit of open connections. The oldest one is closed to make room for another, so that peers that
//! only hold connections open neither exhaust the memory nor keep others out.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::peer::Peer;

/// The limit is this part of the most open connections.
const PART_OF_CONNECTIONS: usize = 8;
/// The most and the fewest connections that are allowed at any limit of connections.
const MAX: usize = 192;
const MIN: usize = 8;
/// How long a connection is left open before it may be closed to make room. A caller sends its first call at once, or with TLS 1.3
/// after one round trip.
const GRACE: Duration = Duration::from_millis(50);
/// How often a full list is looked at while a new connection waits.
const INTERVAL: Duration = Duration::from_millis(10);

/// The connections without an admitted call, which all endpoints of a program share.
#[derive(Clone)]
pub(crate) struct UnadmittedPeers {
    max: usize,
    peers: Arc<Mutex<VecDeque<Unadmitted>>>,
}

struct Unadmitted {
    since: Instant,
    /// Upgrades as long as the connection is open.
    peer: Weak<Peer>,
}

impl UnadmittedPeers {
    pub(super) fn new(max_connections: usize) -> Self {
        Self {
            // One less than all connections, so that another peer can still connect.
            max: (max_connections / PART_OF_CONNECTIONS)
                .clamp(MIN, MAX)
                .min(max_connections.saturating_sub(1).max(1)),
            peers: Arc::default(),
        }
    }

    /// Adds a new connection. If there are too many, waits until one leaves the list, and closes the oldest one after its
    /// grace.
    pub(super) async fn add(&self, peer: &Arc<Peer>) {
        while let Err(wait) = self.try_add(peer) {
            sleep(wait.min(INTERVAL)).await;
        }
    }

    /// Returns how long the oldest connection is to be left open if the list is full.
    fn try_add(&self, peer: &Arc<Peer>) -> Result<(), Duration> {
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        if peers.len() >= self.max {
            peers.retain(|entry| entry.peer.upgrade().is_some_and(|peer| !peer.is_admitted()));
        }
        if peers.len() >= self.max {
            let age = peers.front().map_or(GRACE, |oldest| oldest.since.elapsed());
            if age < GRACE {
                return Err(GRACE - age);
            }
            if let Some(peer) = peers.pop_front().and_then(|oldest| oldest.peer.upgrade()) {
                peer.close();
            }
        }
        peers.push_back(Unadmitted {
            since: Instant::now(),
            peer: Arc::downgrade(peer),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    async fn filled() -> (UnadmittedPeers, Vec<Arc<Peer>>) {
        let list = UnadmittedPeers::new(MIN + 1);
        let peers: Vec<_> = (0..MIN).map(|_| Arc::<Peer>::default()).collect();
        for peer in &peers {
            list.add(peer).await;
        }
        (list, peers)
    }

    async fn is_closed(peer: &Peer) -> bool {
        timeout(Duration::ZERO, peer.closed()).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn closes_the_oldest_after_its_grace() {
        let (list, peers) = filled().await;
        let start = Instant::now();
        list.add(&Arc::default()).await;
        assert_eq!(start.elapsed(), GRACE);
        assert!(is_closed(&peers[0]).await);
        assert!(!is_closed(&peers[1]).await);
    }

    #[test]
    fn leaves_room_for_another_connection() {
        for (connections, max) in [
            (1, 1),
            (2, 1),
            (8, 7),
            (9, 8),
            (64, 8),
            (512, 64),
            (2_048, 192),
            (100_000, 192),
        ] {
            assert_eq!(UnadmittedPeers::new(connections).max, max, "{connections}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn does_not_count_admitted_and_closed_connections() {
        let (list, mut peers) = filled().await;
        let admitted = peers.remove(0);
        admitted.admit();
        peers.pop();
        let start = Instant::now();
        let new = [Arc::<Peer>::default(), Arc::default()];
        for peer in &new {
            list.add(peer).await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        list.add(&Arc::default()).await;
        assert!(!is_closed(&admitted).await);
        assert!(is_closed(&peers[0]).await);
    }
}
