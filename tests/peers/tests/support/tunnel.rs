//! A TCP forwarder that can stop forwarding on open connections, like a firewall that drops their state.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A running TCP forwarder.
pub struct Tunnel {
    /// The address that the forwarder listens on.
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
    forgotten: watch::Sender<()>,
}

impl Tunnel {
    /// Starts a forwarder to this `host:port`.
    pub async fn start(to: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let connections = Arc::<AtomicUsize>::default();
        let (forgotten, _) = watch::channel(());
        let (count, stall_connections) = (connections.clone(), forgotten.clone());
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(pass(stream, to.clone(), stall_connections.subscribe()));
            }
        });
        Self {
            address,
            connections,
            forgotten,
        }
    }

    /// Stops forwarding on all open connections, and waits until they have stopped.
    pub async fn stall_connections(&self) {
        self.forgotten.send_replace(());
        while self.forgotten.receiver_count() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Returns the number of connections so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn pass(mut stream: TcpStream, to: String, mut forgotten: watch::Receiver<()>) {
    let mut peer = TcpStream::connect(to).await.expect("the peer");
    tokio::select! {
        _ = copy_bidirectional(&mut stream, &mut peer) => {}
        _ = forgotten.changed() => {
            // Tells `stall_connections` that nothing passes any more.
            drop(forgotten);
            std::future::pending().await
        }
    }
}
