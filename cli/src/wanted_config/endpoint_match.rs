//! Whether the endpoint of a proxy reaches the program.

use crate::centrifugo::{EndpointAddress, Peer, ProgramAddresses};
use crate::description::Event;

/// The endpoints that reach the program for an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EndpointMatch {
    pub(super) addresses: ProgramAddresses,
    pub(super) event: Event,
    /// Whether the path must be the one of the event. Several kinds of events can share a proxy that has a name.
    pub(super) checks_path: bool,
}

impl EndpointMatch {
    /// Whether an endpoint that is configured can be the one of the program. `cargo centrifugo check` has an error for the others.
    pub(super) fn accepts(&self, configured: &str) -> bool {
        if configured.is_empty() {
            return false;
        }
        match self.addresses.peer_at(configured) {
            Peer::RoadRunner | Peer::Unknown => true,
            _ if !self.addresses.is_certain(configured) => true,
            Peer::Program => self.accepts_own(configured),
            Peer::GrpcPort | Peer::HttpPort | Peer::Other => false,
        }
    }

    /// Whether the path and TLS of an endpoint at the program's address are the program's.
    fn accepts_own(&self, configured: &str) -> bool {
        let Some(found) = EndpointAddress::parse(configured).filter(EndpointAddress::is_http) else {
            return true;
        };
        let has_path = match self.addresses.http_path(self.event) {
            Some(path) if self.checks_path => path == found.path,
            _ => true,
        };
        // Centrifugo has streams over gRPC alone.
        let is_possible = self.event != Event::SubscribeStream;
        is_possible && has_path && (found.scheme == "https") == self.addresses.has_tls
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(grpc: Option<&str>, http: Option<&str>) -> EndpointMatch {
        EndpointMatch {
            addresses: ProgramAddresses {
                grpc: grpc.map(str::to_owned),
                http: http.map(str::to_owned),
                http_prefix: Some("/centrifugo".into()),
                ..Default::default()
            },
            event: Event::Rpc,
            checks_path: true,
        }
    }

    #[test]
    fn trusts_only_what_the_deployment_knows() {
        let grpc = rule(Some("127.0.0.1:10001"), None);
        let http = rule(None, Some("127.0.0.1:10002"));
        let both = rule(Some("127.0.0.1:10001"), Some("127.0.0.1:10002"));
        let own_http = "http://127.0.0.1:10002/centrifugo/rpc";
        for (configured, rule, expected) in [
            ("grpc://127.0.0.1:10001", &grpc, true),
            ("grpc://localhost:10001", &grpc, true),
            ("grpc://[::1]:10001", &grpc, true),
            ("127.0.0.1:10001", &grpc, true),
            ("grpc://backend:443", &grpc, true),
            ("${BACKEND}", &grpc, true),
            ("grpc://127.0.0.1:10002", &grpc, false),
            ("http://127.0.0.1:10001", &grpc, false),
            // Another server can be between both.
            ("http://backend/centrifugo/rpc", &grpc, true),
            ("https://backend/centrifugo/rpc", &http, true),
            ("grpc://10.0.0.5:9", &grpc, true),
            ("", &grpc, false),
            ("unix:/run/backend", &grpc, true),
            ("dns:///backend:10001", &grpc, true),
            (
                "grpc://127.0.0.1:10001",
                &rule(Some("192.0.2.1:10001"), None),
                false,
            ),
            (own_http, &http, true),
            // Both endpoints of the program are right.
            (own_http, &both, true),
            ("grpc://127.0.0.1:10001", &both, true),
            (own_http, &grpc, false),
            ("http://127.0.0.1:10002/rpc", &http, false),
            ("https://127.0.0.1:10002/centrifugo/rpc", &http, false),
            // The system chooses the port 0.
            ("grpc://127.0.0.1:4", &rule(Some("127.0.0.1:0"), None), true),
        ] {
            assert_eq!(rule.accepts(configured), expected, "{configured} {rule:?}");
        }
        let shared = EndpointMatch {
            checks_path: false,
            ..http.clone()
        };
        assert!(shared.accepts("http://127.0.0.1:10002/x"));
        let streams = EndpointMatch {
            event: Event::SubscribeStream,
            ..both
        };
        assert!(!streams.accepts("http://127.0.0.1:10002/centrifugo/subscribe_stream"));
    }
}
