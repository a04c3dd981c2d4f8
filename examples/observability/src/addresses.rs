//! The addresses of all programs: the usual ports, or the next free ones.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use centrifugo::BoxError;

/// How many ports are tried for each address.
const TRIES: u16 = 50;

/// An address on the loopback for each server.
pub struct Addresses {
    /// Where Centrifugo accepts clients and serves its metrics.
    pub clients: SocketAddr,
    /// Centrifugo's gRPC API.
    pub api: SocketAddr,
    /// Where the backend accepts events.
    pub events: SocketAddr,
    /// Where the backend serves its metrics.
    pub metrics: SocketAddr,
    pub prometheus: SocketAddr,
    pub grafana: SocketAddr,
}

impl Addresses {
    /// Finds free ports.
    pub fn find() -> Result<Self, BoxError> {
        let mut taken = Vec::new();
        let mut free = |first: u16| {
            let port = (first..first + TRIES).find(|port| {
                !taken.contains(port) && TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()
            });
            let port = port.ok_or_else(|| {
                format!(
                    "all ports from {first} to {} of 127.0.0.1 are in use",
                    first + TRIES - 1
                )
            })?;
            taken.push(port);
            Ok::<_, BoxError>(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        };
        Ok(Self {
            clients: free(8000)?,
            api: free(10000)?,
            events: free(10001)?,
            metrics: free(9464)?,
            prometheus: free(9090)?,
            grafana: free(3000)?,
        })
    }
}
