//! Whether the endpoint of a proxy reaches the program.

use crate::centrifugo::EndpointAddress;

/// Whether an endpoint that is configured can be the one of the program. Names of other hosts and variables are trusted,
/// because only the deployment knows them. `checks_path` is false for a proxy that several kinds of events share.
pub(super) fn reaches(configured: &str, wanted: &str, checks_path: bool) -> bool {
    if configured == wanted || configured.contains("${") {
        return true;
    }
    if configured.is_empty() {
        return false;
    }
    let Some(wanted) = EndpointAddress::parse(wanted) else {
        return false;
    };
    let Some(configured) = EndpointAddress::parse(configured) else {
        // A target of gRPC that is no `HOST:PORT`.
        return wanted.scheme == "grpc";
    };
    if configured.scheme != wanted.scheme {
        return false;
    }
    if !configured.is_local() {
        // Another path prefix can belong to a proxy in between, but not another event.
        return !checks_path || last(configured.path) == last(wanted.path);
    }
    // The system chooses the port 0 when the program starts.
    let has_port = wanted.port == "0" || configured.port == wanted.port;
    wanted.is_local() && has_port && (!checks_path || configured.path == wanted.path)
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trusts_only_what_the_deployment_knows() {
        let grpc = "grpc://127.0.0.1:10001";
        let http = "http://127.0.0.1:10002/centrifugo/rpc";
        for (configured, wanted, expected) in [
            (grpc, grpc, true),
            ("grpc://localhost:10001", grpc, true),
            ("grpc://[::1]:10001", grpc, true),
            ("127.0.0.1:10001", grpc, true),
            ("grpc://backend:443", grpc, true),
            ("${BACKEND}", grpc, true),
            ("grpc://127.0.0.1:10002", grpc, false),
            ("http://127.0.0.1:10001", grpc, false),
            ("http://backend/centrifugo/rpc", grpc, false),
            ("", grpc, false),
            ("unix:/run/backend", grpc, true),
            ("dns:///backend:10001", grpc, true),
            ("unix:/run/backend", http, false),
            ("grpc://127.0.0.1:4", "grpc://127.0.0.1:0", true),
            ("grpc://127.0.0.1:10001", "grpc://192.0.2.1:10001", false),
            (http, http, true),
            ("http://backend/api/rpc", http, true),
            ("http://backend/api/publish", http, false),
            ("http://127.0.0.1:10002/rpc", http, false),
            ("https://127.0.0.1:10002/centrifugo/rpc", http, false),
        ] {
            assert_eq!(
                reaches(configured, wanted, true),
                expected,
                "{configured} {wanted}"
            );
        }
        assert!(reaches("http://127.0.0.1:10002/x", http, false));
    }
}
