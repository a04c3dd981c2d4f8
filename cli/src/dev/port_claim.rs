//! Ports that this `dev` has taken, also while nobody listens on them.

/// A port that no other `dev` takes, for as long as this exists.
///
/// Centrifugo cannot inherit a socket that listens. Its port is therefore free for a moment whenever it starts, and another `dev` that
/// looks for a port then must not take it. A claim is the name of a socket without a file. The kernel gives a name to one process
/// of a network namespace, and takes it back when the process ends. Only Linux has such names.
pub(super) struct PortClaim {
    #[cfg(target_os = "linux")]
    _name: Option<std::os::unix::net::UnixListener>,
}

impl PortClaim {
    /// Claims a port. Returns `None` if another `dev` has it.
    #[cfg(target_os = "linux")]
    pub(super) fn new(port: u16) -> Option<Self> {
        use std::os::linux::net::SocketAddrExt as _;
        use std::os::unix::net::{SocketAddr, UnixListener};

        let name = SocketAddr::from_abstract_name(format!("cargo-centrifugo-dev-port-{port}"));
        match name.and_then(|name| UnixListener::bind_addr(&name)) {
            Ok(listener) => Some(Self {
                _name: Some(listener),
            }),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => None,
            // A sandbox that forbids it. The port itself is still held until Centrifugo starts.
            Err(_) => Some(Self { _name: None }),
        }
    }

    /// Claims a port.
    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::unnecessary_wraps, reason = "fails on Linux")]
    pub(super) fn new(_: u16) -> Option<Self> {
        Some(Self {})
    }
}
