//! Whether the endpoints of proxies are the program's.

use super::checker::Checker;
use super::finding::{Finding, Level};
use super::uses::{Use, proxies_with_handlers};
use crate::centrifugo::proxies::RPC;
use crate::centrifugo::{EndpointAddress, Peer, ProgramAddresses, join, reachable};
use crate::description::Handler;

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
    let addresses = addresses(checker);
    let message = match addresses.peer_at(endpoint) {
        Peer::Program => {
            check_program(checker, &addresses, used, handler);
            return;
        }
        Peer::RoadRunner | Peer::Unknown => return,
        Peer::GrpcPort => format!("`{endpoint}` speaks HTTP, and the program has gRPC on this port"),
        Peer::HttpPort => format!("`{endpoint}` speaks gRPC, and the program has HTTP on this port"),
        Peer::Other => format!("`{endpoint}` is not an address of the program"),
    };
    let level = address_level(&addresses, endpoint);
    checker.add(
        Finding::new(level, "endpoint", message)
            .at(path)
            .of(handler)
            .help(help),
    );
}

/// A program that is part of another server may have another address, and other hosts are known to the deployment alone.
fn address_level(addresses: &ProgramAddresses, endpoint: &str) -> Level {
    if addresses.is_certain(endpoint) {
        Level::Error
    } else if addresses.may_be_mounted {
        Level::Note
    } else {
        Level::Warning
    }
}

/// Checks the path and TLS of an endpoint at the program's address.
fn check_program(checker: &mut Checker<'_>, addresses: &ProgramAddresses, used: &Use, handler: &Handler) {
    let Some(endpoint) = &checker.description.endpoint else {
        return;
    };
    let is_http = used.proxy.is_http();
    if is_http {
        let expected = addresses.http_path(used.proxy.event);
        let found = EndpointAddress::parse(&used.proxy.endpoint)
            .map(|address| address.path)
            .unwrap_or_default();
        if let Some(expected) = expected
            && expected != found
        {
            let endpoint = &used.proxy.endpoint;
            checker.add(
                Finding::new(
                    address_level(addresses, endpoint),
                    "endpoint",
                    format!("`{endpoint}` has a path that the program does not have"),
                )
                .at(used.option("endpoint"))
                .of(handler)
                .help(format!("write the path `{expected}`")),
            );
        }
    }
    // The port is the program's, so that a name of another host does not make it less certain.
    let level = if endpoint.may_be_mounted {
        Level::Note
    } else {
        Level::Error
    };
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

/// Returns where the program gets its events, by itself or from RoadRunner.
pub(super) fn addresses(checker: &Checker<'_>) -> ProgramAddresses {
    ProgramAddresses::of_program(checker.description).with_roadrunner(roadrunner_address(checker))
}

/// Returns the address of RoadRunner's plugin.
fn roadrunner_address<'a>(checker: &Checker<'a>) -> Option<&'a str> {
    match checker.input.roadrunner {
        Some(file) => file.pointer("/centrifuge/proxy_address")?.as_str(),
        None => checker.description.configuration.roadrunner.proxy_address(),
    }
}

/// Returns the endpoints at which the program would answer the event.
fn expected_endpoints(checker: &Checker<'_>, used: &Use) -> Vec<String> {
    let addresses = addresses(checker);
    let grpc = |address: &String| format!("`grpc://{}`", reachable(address));
    if checker.description.endpoint.is_none() {
        return addresses.roadrunner.iter().map(grpc).collect();
    }
    let scheme = if addresses.has_tls { "https" } else { "http" };
    let http = addresses
        .http
        .as_deref()
        .zip(addresses.http_path(used.proxy.event));
    let http = http.map(|(address, path)| format!("`{scheme}://{}{path}`", reachable(address)));
    addresses.grpc.iter().map(grpc).chain(http).collect()
}
