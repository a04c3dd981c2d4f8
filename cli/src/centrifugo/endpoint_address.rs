//! The address in the endpoint of a proxy.

use std::net::IpAddr;

/// The parts of an endpoint.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EndpointAddress<'a> {
    /// `grpc`, `http` or `https`.
    pub(crate) scheme: &'a str,
    /// The host, without brackets.
    pub(crate) host: &'a str,
    pub(crate) port: &'a str,
    /// The path, without a query.
    pub(crate) path: &'a str,
}

impl<'a> EndpointAddress<'a> {
    /// Reads an endpoint. Returns `None` for targets that are no `HOST:PORT`, and for those that variables complete.
    pub(crate) fn parse(endpoint: &'a str) -> Option<Self> {
        // Centrifugo calls an endpoint without a scheme over gRPC.
        let (scheme, rest) = endpoint.split_once("://").unwrap_or(("grpc", endpoint));
        let default_port = match scheme {
            "http" => "80",
            "https" | "grpc" => "443",
            _ => return None,
        };
        if rest.contains("${") || rest.starts_with("unix:") || rest.starts_with("dns:") {
            return None;
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
            _ => (authority, default_port),
        };
        Some(Self {
            scheme,
            host: without_brackets(host),
            port,
            path: path.split('?').next().unwrap_or_default(),
        })
    }

    /// Whether Centrifugo speaks HTTP there.
    pub(crate) fn is_http(&self) -> bool {
        self.scheme != "grpc"
    }

    /// Whether a program that listens at `HOST:PORT` is there. Names of hosts cannot be looked up here, so that their port decides.
    pub(crate) fn is_at(&self, listens: &str) -> bool {
        let Some((host, port)) = listens.rsplit_once(':') else {
            return false;
        };
        let host = without_brackets(host);
        port == self.port
            && (is_unspecified(host)
                || is_name(self.host)
                || is_name(host)
                || self.host == host
                || self.is_local() && is_loopback(host))
    }

    /// Whether the host is this machine.
    pub(crate) fn is_local(&self) -> bool {
        is_loopback(self.host) || is_unspecified(self.host)
    }
}

/// Replaces an address of all interfaces, to which nobody can connect.
pub(crate) fn reachable(address: &str) -> String {
    match address.rsplit_once(':') {
        Some((host, port)) if is_unspecified(without_brackets(host)) => {
            let host = if host.contains(':') { "[::1]" } else { "127.0.0.1" };
            format!("{host}:{port}")
        }
        _ => address.to_owned(),
    }
}

fn without_brackets(host: &str) -> &str {
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host)
}

fn is_unspecified(host: &str) -> bool {
    host.is_empty() || host.parse().is_ok_and(|ip: IpAddr| ip.is_unspecified())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

fn is_name(host: &str) -> bool {
    host != "localhost" && host.parse::<IpAddr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_addresses() {
        for (endpoint, listens, is_same) in [
            ("grpc://127.0.0.1:10001", "127.0.0.1:10001", true),
            ("127.0.0.1:10001", "127.0.0.1:10001", true),
            ("grpc://localhost:10001", "127.0.0.1:10001", true),
            ("grpc://0.0.0.0:10001", "127.0.0.1:10001", true),
            ("grpc://[::1]:10001", "localhost:10001", true),
            ("grpc://10.0.0.5:10001", "0.0.0.0:10001", true),
            ("grpc://10.0.0.5:10001", "[::]:10001", true),
            ("grpc://backend:10001", "127.0.0.1:10001", true),
            ("grpc://backend:10002", "127.0.0.1:10001", false),
            ("grpc://10.0.0.5:10001", "127.0.0.1:10001", false),
            ("http://127.0.0.1/centrifugo", "127.0.0.1:80", true),
            ("https://user:key@127.0.0.1:9/x", "127.0.0.1:9", true),
        ] {
            let address = EndpointAddress::parse(endpoint).unwrap();
            assert_eq!(address.is_at(listens), is_same, "{endpoint} {listens}");
        }
        for unknown in ["dns:///backend:1", "unix:/run/x", "grpc://${CENTRIFUGO_VAR_X}"] {
            assert_eq!(EndpointAddress::parse(unknown), None, "{unknown}");
        }
        let address = EndpointAddress::parse("http://h:1/a/b?c=/d").unwrap();
        assert_eq!(address.path, "/a/b");
    }

    #[test]
    fn replaces_addresses_of_all_interfaces() {
        for (address, expected) in [
            ("0.0.0.0:7", "127.0.0.1:7"),
            (":7", "127.0.0.1:7"),
            ("[::]:7", "[::1]:7"),
            ("10.0.0.5:7", "10.0.0.5:7"),
            ("10.0.0.0:7", "10.0.0.0:7"),
        ] {
            assert_eq!(reachable(address), expected, "{address}");
        }
    }
}
