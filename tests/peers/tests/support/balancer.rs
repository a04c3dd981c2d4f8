//! A TCP balancer: each connection goes to the next backend that accepts it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// A running TCP balancer.
pub struct Balancer {
    /// The address that the balancer listens on.
    pub address: SocketAddr,
    backends: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Balancer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let backends = Arc::<Mutex<Vec<SocketAddr>>>::default();
        let known = backends.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let mut order = known.lock().expect("no test panics here");
                // The next connection starts with the next backend.
                let backends = order.clone();
                order.rotate_left(1);
                drop(order);
                tokio::spawn(pass(stream, backends));
            }
        });
        Self { address, backends }
    }

    pub fn add(&self, backend: Option<SocketAddr>) {
        let backend = backend.expect("an address");
        self.backends.lock().expect("no test panics here").push(backend);
    }
}

async fn pass(mut stream: TcpStream, backends: Vec<SocketAddr>) {
    for backend in backends {
        if let Ok(mut backend) = TcpStream::connect(backend).await {
            let _ = copy_bidirectional(&mut stream, &mut backend).await;
            return;
        }
    }
}
