//! The address of RoadRunner's RPC.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// An address in the format of `RR_RPC`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RpcAddress {
    Tcp(String),
    Unix(PathBuf),
}

impl fmt::Display for RpcAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "tcp://{address}"),
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
        }
    }
}

impl FromStr for RpcAddress {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once("://") {
            Some(("tcp", address))
                if address
                    .rsplit_once(':')
                    .is_some_and(|(_, port)| port.parse::<u16>().is_ok()) =>
            {
                // As in Go, an empty host is this machine.
                let host = if address.starts_with(':') { "localhost" } else { "" };
                Ok(Self::Tcp(format!("{host}{address}")))
            }
            Some(("unix", path)) if !path.is_empty() => Ok(Self::Unix(path.into())),
            _ => Err(
                "the address of RoadRunner's RPC (RR_RPC) is not one such as `tcp://127.0.0.1:6001` or `unix:///run/rr.sock`",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses_as_go_does() {
        for (text, address) in [
            ("tcp://127.0.0.1:6001", Some("tcp://127.0.0.1:6001")),
            ("tcp://:6001", Some("tcp://localhost:6001")),
            ("unix:///run/rr.sock", Some("unix:///run/rr.sock")),
            ("tcp://127.0.0.1", None),
            ("unix://", None),
            ("127.0.0.1:6001", None),
            ("", None),
        ] {
            let read = text.parse::<RpcAddress>().ok();
            assert_eq!(
                read.map(|address| address.to_string()).as_deref(),
                address,
                "{text}"
            );
        }
    }
}
