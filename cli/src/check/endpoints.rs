//! Whether the endpoints of proxies are the program's.

use serde_json::Value as Json;

use super::checker::Checker;
use super::finding::{Finding, Level};
use super::uses::{Use, proxies_with_handlers};
use crate::centrifugo::proxies::RPC;
use crate::centrifugo::{EndpointAddress, Proxy, join, reachable};
use crate::description::{Endpoint, Handler};

/// Who is at the endpoint of a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// The program.
    Program,
    /// RoadRunner.
    RoadRunner,
    /// The program's gRPC endpoint, with which Centrifugo would speak HTTP.
    GrpcPort,
    /// The program's HTTP endpoint, with which Centrifugo would speak gRPC.
    HttpPort,
    /// Somebody else.
    Other,
    /// The endpoint cannot be read here.
    Unknown,
}

pub(super) fn check(checker: &mut Checker<'_>) {
    for (used, handlers) in proxies_with_handlers(checker) {
        // A proxy without a handler has a finding of its own.
        let Some(handler) = handlers.first() else { continue };
        if !used.proxy.endpoint.is_empty() {
            check_use(checker, &used, handler);
        } else if used.proxy.path == RPC.default {
            // Centrifugo starts without this endpoint, and with no other.
            let help = format!("write {}", expected_endpoints(checker, &used).join(" or "));
            checker.add(
                Finding::error(
                    "endpoint",
                    "endpoint of the proxy is missing: every call fails with error 100",
                )
                .at(used.option("endpoint"))
                .of(handler)
                .help(help),
            );
        }
    }
}

fn check_use(checker: &mut Checker<'_>, used: &Use, handler: &Handler) {
    let endpoint = &used.proxy.endpoint;
    let path = used.option("endpoint");
    let expected = expected_endpoints(checker, used);
    let help = match expected.as_slice() {
        [] => "start the program with an endpoint".to_owned(),
        expected => format!(
            "write {}; if RoadRunner runs the program, check with `--roadrunner .rr.yaml`",
            expected.join(" or ")
        ),
    };
    let message = match peer_of(checker, &used.proxy) {
        Peer::Program => {
            check_program(checker, used, handler);
            return;
        }
        Peer::RoadRunner | Peer::Unknown => return,
        Peer::GrpcPort => format!("`{endpoint}` speaks HTTP, and the program has gRPC on this port"),
        Peer::HttpPort => format!("`{endpoint}` speaks gRPC, and the program has HTTP on this port"),
        Peer::Other => format!("`{endpoint}` is not an address of the program"),
    };
    let level = address_level(checker);
    checker.add(
        Finding::new(level, "endpoint", message)
            .at(path)
            .of(handler)
            .help(help),
    );
}

/// A program that is part of another server may have another address.
fn address_level(checker: &Checker<'_>) -> Level {
    match &checker.description.endpoint {
        Some(endpoint) if endpoint.may_be_mounted => Level::Note,
        _ => Level::Error,
    }
}

/// Checks the path and TLS of an endpoint at the program's address.
fn check_program(checker: &mut Checker<'_>, used: &Use, handler: &Handler) {
    let Some(endpoint) = &checker.description.endpoint else {
        return;
    };
    let is_http = used.proxy.is_http();
    let level = address_level(checker);
    if is_http {
        let expected = http_path(endpoint, used);
        let found = EndpointAddress::parse(&used.proxy.endpoint)
            .map(|address| address.path)
            .unwrap_or_default();
        if let Some(expected) = expected
            && expected != found
        {
            let endpoint = &used.proxy.endpoint;
            checker.add(
                Finding::new(
                    level,
                    "endpoint",
                    format!("`{endpoint}` has a path that the program does not have"),
                )
                .at(used.option("endpoint"))
                .of(handler)
                .help(format!("write the path `{expected}`")),
            );
        }
    }
    let section = if is_http { "http.tls" } else { "grpc.tls" };
    let has_tls = if is_http {
        used.proxy.endpoint.starts_with("https://")
    } else {
        checker.configuration.bool(&used.option("grpc.tls.enabled"))
    };
    if has_tls != endpoint.tls {
        let (message, help) = if endpoint.tls {
            (
                "the program requires TLS, and Centrifugo speaks without it",
                "turn TLS on",
            )
        } else {
            (
                "Centrifugo speaks TLS, and the program does not",
                "turn TLS off, or give the program a certificate",
            )
        };
        let path = if is_http {
            used.option("endpoint")
        } else {
            used.option("grpc.tls.enabled")
        };
        checker.add(
            Finding::new(level, "tls", message)
                .at(path)
                .of(handler)
                .help(help),
        );
    } else if endpoint.mutual_tls {
        let certificate = used.option(&join(section, "cert_pem"));
        if checker.configuration.text(&certificate).is_empty() {
            checker.add(
                Finding::new(
                    level,
                    "tls",
                    "the program requires a certificate of Centrifugo, which has none",
                )
                .at(certificate)
                .of(handler)
                .help(format!("set `{section}.cert_pem` and `{section}.key_pem`")),
            );
        }
    }
}

/// Returns who is at the endpoint of a proxy.
pub(super) fn peer_of(checker: &Checker<'_>, proxy: &Proxy) -> Peer {
    let Some(found) = EndpointAddress::parse(&proxy.endpoint) else {
        return Peer::Unknown;
    };
    let is_http = proxy.is_http();
    if let Some(endpoint) = &checker.description.endpoint {
        let is_at = |address: &Option<String>| address.as_deref().is_some_and(|address| found.is_at(address));
        match (is_http, is_at(&endpoint.grpc), is_at(&endpoint.http)) {
            (false, true, _) | (true, _, true) => return Peer::Program,
            (true, true, false) => return Peer::GrpcPort,
            (false, false, true) => return Peer::HttpPort,
            _ => {}
        }
    }
    if !is_http && roadrunner_address(checker).is_some_and(|address| found.is_at(&address)) {
        return Peer::RoadRunner;
    }
    Peer::Other
}

/// Returns `HOST:PORT` of RoadRunner's plugin.
fn roadrunner_address(checker: &Checker<'_>) -> Option<String> {
    let place = "/centrifuge/proxy_address";
    let address = match checker.input.roadrunner {
        Some(file) => file.pointer(place).and_then(Json::as_str).map(str::to_owned),
        None => checker
            .description
            .configuration
            .roadrunner
            .rr
            .get("centrifuge")
            .and_then(|section| section.get("proxy_address")?.as_str())
            .map(str::to_owned),
    }?;
    Some(address.strip_prefix("tcp://").unwrap_or(&address).to_owned())
}

/// Returns the endpoints at which the program would answer the event.
fn expected_endpoints(checker: &Checker<'_>, used: &Use) -> Vec<String> {
    let mut expected = Vec::new();
    match &checker.description.endpoint {
        Some(endpoint) => {
            if let Some(address) = &endpoint.grpc {
                expected.push(format!("`grpc://{}`", reachable(address)));
            }
            if let (Some(address), Some(path)) = (&endpoint.http, http_path(endpoint, used)) {
                let scheme = if endpoint.tls { "https" } else { "http" };
                expected.push(format!("`{scheme}://{}{path}`", reachable(address)));
            }
        }
        None => {
            if let Some(address) = roadrunner_address(checker) {
                expected.push(format!("`grpc://{}`", reachable(&address)));
            }
        }
    }
    expected
}

fn http_path(endpoint: &Endpoint, used: &Use) -> Option<String> {
    let prefix = endpoint.http_prefix.as_deref()?;
    Some(format!("{prefix}/{}", used.proxy.event))
}
