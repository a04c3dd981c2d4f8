//! Where a program gets its events, and who is at the endpoint of a proxy.

use super::EndpointAddress;
use crate::description::{Description, Event};

/// Who is at the endpoint of a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// The program.
    Program,
    /// RoadRunner.
    RoadRunner,
    /// The program's gRPC endpoint, with which Centrifugo would speak HTTP.
    GrpcPort,
    /// The program's HTTP endpoint, with which Centrifugo would speak gRPC.
    HttpPort,
    /// Another port or host.
    Other,
    /// The endpoint cannot be read here.
    Unknown,
}

/// Where a program gets its events. The addresses are `HOST:PORT`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProgramAddresses {
    pub(crate) grpc: Option<String>,
    pub(crate) http: Option<String>,
    /// The prefix of the paths of the HTTP endpoint.
    pub(crate) http_prefix: Option<String>,
    pub(crate) has_tls: bool,
    /// Whether the program can be part of another server, with another address.
    pub(crate) may_be_mounted: bool,
    /// The address of RoadRunner, if it can run the program.
    pub(crate) roadrunner: Option<String>,
}

impl ProgramAddresses {
    /// Returns the addresses of the program's own endpoints.
    pub(crate) fn of_program(description: &Description) -> Self {
        let Some(endpoint) = &description.endpoint else {
            return Self::default();
        };
        Self {
            grpc: endpoint.grpc.clone(),
            http: endpoint.http.clone(),
            http_prefix: endpoint.http_prefix.clone(),
            has_tls: endpoint.tls,
            may_be_mounted: endpoint.may_be_mounted,
            roadrunner: None,
        }
    }

    /// Sets the address of RoadRunner, which may begin with `tcp://`.
    pub(crate) fn with_roadrunner(mut self, address: Option<&str>) -> Self {
        self.roadrunner = address.map(|address| address.strip_prefix("tcp://").unwrap_or(address).to_owned());
        self
    }

    /// Returns who is at an endpoint.
    pub(crate) fn peer_at(&self, endpoint: &str) -> Peer {
        let Some(found) = EndpointAddress::parse(endpoint) else {
            return Peer::Unknown;
        };
        let (own, other, of_other) = if found.is_http() {
            (&self.http, &self.grpc, Peer::GrpcPort)
        } else {
            (&self.grpc, &self.http, Peer::HttpPort)
        };
        let is_at = |address: &Option<String>| address.as_deref().is_some_and(|address| found.is_at(address));
        // The system chooses the port 0 when the program starts.
        let may_be_at = |address: &Option<String>| {
            let address = address.as_deref().and_then(|address| address.strip_suffix(":0"));
            address.is_some_and(|host| found.is_at(&format!("{host}:{}", found.port)))
        };
        if is_at(own) {
            Peer::Program
        } else if is_at(other) {
            of_other
        } else if may_be_at(own) {
            Peer::Program
        } else if !found.is_http() && is_at(&self.roadrunner) {
            Peer::RoadRunner
        } else {
            Peer::Other
        }
    }

    /// Whether an endpoint is surely wrong if it is not the program's. Only the deployment knows the addresses of other hosts, and what
    /// is between them and the program. A program that is part of another server has the address of that server.
    pub(crate) fn is_certain(&self, endpoint: &str) -> bool {
        let is_local = EndpointAddress::parse(endpoint).is_some_and(|address| address.is_local());
        is_local && !self.may_be_mounted
    }

    /// Returns the path at which the HTTP endpoint gets an event.
    pub(crate) fn http_path(&self, event: Event) -> Option<String> {
        let prefix = self.http_prefix.as_deref()?;
        Some(format!("{prefix}/{event}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_out_who_is_at_an_endpoint() {
        let addresses = ProgramAddresses {
            grpc: Some("127.0.0.1:10001".into()),
            http: Some("0.0.0.0:10002".into()),
            ..Default::default()
        }
        .with_roadrunner(Some("tcp://127.0.0.1:30000"));
        for (endpoint, expected) in [
            ("grpc://localhost:10001", Peer::Program),
            ("grpc://backend:10001", Peer::Program),
            ("http://127.0.0.1:10002/centrifugo/rpc", Peer::Program),
            ("https://10.0.0.5:10002/centrifugo/rpc", Peer::Program),
            ("http://127.0.0.1:10001/centrifugo/rpc", Peer::GrpcPort),
            ("127.0.0.1:10002", Peer::HttpPort),
            ("grpc://127.0.0.1:30000", Peer::RoadRunner),
            ("http://127.0.0.1:30000", Peer::Other),
            ("grpc://127.0.0.1:9", Peer::Other),
            ("grpc://backend:443", Peer::Other),
            ("grpc://10.0.0.5:10001", Peer::Other),
            ("dns:///backend:10001", Peer::Unknown),
            ("${BACKEND}", Peer::Unknown),
        ] {
            assert_eq!(addresses.peer_at(endpoint), expected, "{endpoint}");
        }
    }

    #[test]
    fn any_port_can_be_the_one_that_the_system_chooses() {
        let addresses = ProgramAddresses {
            grpc: Some("127.0.0.1:0".into()),
            http: Some("127.0.0.1:10002".into()),
            ..Default::default()
        };
        for (endpoint, expected) in [
            ("grpc://127.0.0.1:4", Peer::Program),
            ("grpc://127.0.0.1:10002", Peer::HttpPort),
            ("http://127.0.0.1:4/centrifugo/rpc", Peer::Other),
        ] {
            assert_eq!(addresses.peer_at(endpoint), expected, "{endpoint}");
        }
    }

    #[test]
    fn only_local_endpoints_are_certain() {
        let mut addresses = ProgramAddresses::default();
        for (endpoint, expected) in [
            ("grpc://127.0.0.1:9", true),
            ("http://localhost/centrifugo/rpc", true),
            ("grpc://backend:443", false),
            ("grpc://10.0.0.5:9", false),
            ("unix:/run/backend", false),
        ] {
            assert_eq!(addresses.is_certain(endpoint), expected, "{endpoint}");
        }
        addresses.may_be_mounted = true;
        assert!(!addresses.is_certain("grpc://127.0.0.1:9"));
    }
}
