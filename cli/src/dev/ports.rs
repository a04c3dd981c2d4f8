//! Free ports.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

use super::port_claim::PortClaim;

/// How many ports after the wanted one are tried.
const ATTEMPTS: u16 = 200;
/// The first port for programs, and the number of their ports. They are below the ports of outgoing connections.
const PROGRAMS: u16 = 20_000;
const PROGRAM_COUNT: u32 = 12_000;

/// A port of the loopback address that is held for a process until it starts, so that no other process takes it meanwhile. On Linux,
/// no other `dev` takes it afterwards, either.
pub(crate) struct ReservedPort {
    port: u16,
    /// `None` while the process has the port.
    listener: Option<TcpListener>,
    /// `None` for a port that is not reserved.
    _claim: Option<PortClaim>,
}

impl ReservedPort {
    /// Holds the wanted port, or the next one that is free.
    ///
    /// # Errors
    ///
    /// Returns an error if none of the next ports is free, or if a port cannot be used for another reason.
    pub(crate) fn from(wanted: u16) -> io::Result<Self> {
        Self::find(wanted, listen)
    }

    fn find(wanted: u16, listen: impl Fn(u16) -> io::Result<TcpListener>) -> io::Result<Self> {
        for port in wanted..=wanted.saturating_add(ATTEMPTS) {
            let Some(claim) = PortClaim::new(port) else {
                continue;
            };
            match listen(port) {
                Ok(listener) => {
                    return Ok(Self {
                        port,
                        listener: Some(listener),
                        _claim: Some(claim),
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                Err(error) => {
                    let problem = format!("port {port} cannot be used: {error}");
                    return Err(io::Error::new(error.kind(), problem));
                }
            }
        }
        Err(io::Error::other(format!(
            "none of the ports from {wanted} on is free"
        )))
    }

    /// Names a port without holding it.
    pub(crate) fn unreserved(port: u16) -> Self {
        Self {
            port,
            listener: None,
            _claim: None,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Leaves the port to the process that starts now.
    pub(crate) fn release(&mut self) {
        self.listener = None;
    }

    /// Holds the port again after the process has ended, unless another process was faster.
    pub(crate) fn hold(&mut self) {
        self.listener = listen(self.port).ok();
    }
}

/// Binds the wanted port of the loopback address, or the next one that is free.
///
/// # Errors
///
/// Returns an error if none of the next ports is free.
pub(crate) async fn bind_from(wanted: SocketAddr) -> io::Result<tokio::net::TcpListener> {
    let mut address = wanted;
    loop {
        match bind(address).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && address.port() < u16::MAX => {
                if address.port() - wanted.port() >= ATTEMPTS {
                    return Err(error);
                }
                address.set_port(address.port() + 1);
            }
            result => return result,
        }
    }
}

async fn bind(address: SocketAddr) -> io::Result<tokio::net::TcpListener> {
    // Another `dev` may be about to start Centrifugo on this port. 0 lets the system choose one.
    let _claim = match address.port() {
        0 => None,
        port => Some(PortClaim::new(port).ok_or(io::ErrorKind::AddrInUse)?),
    };
    super::proxy::bind(address).await
}

/// Returns a free port for a program. Several `dev` choose different ones.
///
/// # Errors
///
/// Returns an error if no port is free.
pub(crate) fn free_for_program() -> io::Result<SocketAddr> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    for _ in 0..PROGRAM_COUNT {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let offset = std::process::id().wrapping_mul(97).wrapping_add(number) % PROGRAM_COUNT;
        let port = PROGRAMS + u16::try_from(offset).unwrap_or_default();
        if PortClaim::new(port).is_some() && is_free(port) {
            return Ok((Ipv4Addr::LOCALHOST, port).into());
        }
    }
    Err(io::Error::other("no port is free"))
}

fn is_free(port: u16) -> bool {
    listen(port).is_ok()
}

fn listen(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

#[cfg(test)]
mod tests {
    use tokio::sync::Mutex;

    use super::*;

    /// Held by each test, so that none takes the next port of another.
    static PORTS: Mutex<()> = Mutex::const_new(());

    #[tokio::test]
    async fn takes_the_next_port_if_one_is_in_use() {
        let _ports = PORTS.lock().await;
        let first = free_for_program().unwrap();
        let _used = TcpListener::bind(first).unwrap();
        let reserved = ReservedPort::from(first.port()).unwrap();
        assert_ne!(reserved.port(), first.port());
        let next = bind_from(first).await.unwrap().local_addr().unwrap();
        assert!(next.port() > reserved.port());
    }

    #[test]
    fn says_why_a_port_cannot_be_used() {
        let fails_with = |kind: io::ErrorKind| {
            let found = ReservedPort::find(80, |_| Err(kind.into()));
            found.err().unwrap().to_string()
        };
        let refused = fails_with(io::ErrorKind::PermissionDenied);
        assert!(
            refused.starts_with("port 80 cannot be used: permission denied"),
            "{refused}"
        );
        let in_use = fails_with(io::ErrorKind::AddrInUse);
        assert_eq!(in_use, "none of the ports from 80 on is free");
    }

    #[test]
    fn holds_a_port_until_it_is_released() {
        let _ports = PORTS.blocking_lock();
        let mut reserved = ReservedPort::from(free_for_program().unwrap().port()).unwrap();
        assert!(!is_free(reserved.port()));
        reserved.release();
        assert!(is_free(reserved.port()));
        reserved.hold();
        assert!(!is_free(reserved.port()));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn leaves_a_released_port_to_the_dev_that_reserved_it() {
        let _ports = PORTS.lock().await;
        let mut first = ReservedPort::from(free_for_program().unwrap().port()).unwrap();
        first.release();
        let second = ReservedPort::from(first.port()).unwrap();
        assert_ne!(second.port(), first.port());
        let third = bind_from((Ipv4Addr::LOCALHOST, first.port()).into())
            .await
            .unwrap();
        assert_ne!(third.local_addr().unwrap().port(), first.port());
        let port = first.port();
        drop(first);
        assert_eq!(ReservedPort::from(port).unwrap().port(), port);
    }

    #[tokio::test]
    async fn refuses_addresses_that_others_can_reach() {
        let error = bind_from(([0, 0, 0, 0], 0).into()).await.unwrap_err();
        assert!(error.to_string().contains("not a loopback address"), "{error}");
    }
}
