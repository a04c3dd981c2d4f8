//! A socket that is bound to an address and does not listen yet.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

/// The requested length of the accept queue. The kernel limits it to its own maximum (`net.core.somaxconn` on Linux).
const BACKLOG: u32 = i32::MAX.unsigned_abs();

/// Reserves an address while the states of the program are built. The kernel refuses connections until it listens.
pub(crate) struct BoundSocket(TcpSocket);

impl BoundSocket {
    /// Binds the first of the addresses that can be bound.
    pub(crate) fn bind(addresses: &[SocketAddr]) -> io::Result<Self> {
        let mut last = None;
        for address in addresses {
            match Self::bind_one(*address) {
                Ok(socket) => return Ok(Self(socket)),
                Err(error) => last = Some(error),
            }
        }
        Err(last
            .unwrap_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the host name has no address")))
    }

    fn bind_one(address: SocketAddr) -> io::Result<TcpSocket> {
        let socket = if address.is_ipv4() {
            TcpSocket::new_v4()?
        } else {
            TcpSocket::new_v6()?
        };
        // A restarted program must not wait until the connections of the previous process have left TIME_WAIT.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        Ok(socket)
    }

    pub(crate) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    /// Starts to accept connections.
    pub(crate) fn listen(self) -> io::Result<TcpListener> {
        self.0.listen(BACKLOG)
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn refuses_connections_until_it_listens() {
        let socket = BoundSocket::bind(&["127.0.0.1:0".parse().unwrap()]).unwrap();
        let address = socket.local_addr().unwrap();
        assert!(TcpStream::connect(address).await.is_err());
        let listener = socket.listen().unwrap();
        assert!(TcpStream::connect(address).await.is_ok());
        drop(listener);
    }

    #[tokio::test]
    async fn tries_each_address() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let taken = listener.local_addr().unwrap();
        assert_eq!(
            BoundSocket::bind(&[taken]).err().unwrap().kind(),
            io::ErrorKind::AddrInUse
        );
        let bound = BoundSocket::bind(&[taken, "127.0.0.1:0".parse().unwrap()]).unwrap();
        assert_ne!(bound.local_addr().unwrap(), taken);
    }
}
