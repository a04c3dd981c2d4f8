//! Settings that a mounted program does not use.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::process::{Command, Output};

/// Mounts a service or a router in a process of its own, with these variables.
fn mount(what: &str) -> String {
    let Output { status, stderr, .. } = Command::new(env!("CARGO_BIN_EXE_mounts"))
        .arg(what)
        .env("WORKER_TLS_CERT", "no/such/file")
        .env("WORKER_TLS_CLIENT_CA", "no/such/file")
        .env("WORKER_LISTEN", "nowhere")
        .env("WORKER_HTTP_PREFIX", "/proxy")
        .env("WORKER_HANDLER_TIMEOUT", "3s")
        .output()
        .unwrap();
    let log = String::from_utf8(stderr).unwrap();
    assert!(status.success(), "{log}");
    log
}

fn ignored(log: &str) -> Vec<&str> {
    let lines = log.lines().filter(|line| line.contains("setting ignored"));
    lines
        .map(|line| {
            assert!(line.contains("WARN"), "{line}");
            line.split('"').nth(1).unwrap()
        })
        .collect()
}

#[test]
fn a_mounted_service_names_the_variables_that_it_does_not_use() {
    assert_eq!(
        ignored(&mount("service")),
        [
            "WORKER_LISTEN",
            "WORKER_HTTP_PREFIX",
            "WORKER_TLS_CERT",
            "WORKER_TLS_CLIENT_CA"
        ]
    );
}

#[test]
fn a_mounted_router_names_the_variables_that_it_does_not_use() {
    assert_eq!(
        ignored(&mount("router")),
        ["WORKER_LISTEN", "WORKER_TLS_CERT", "WORKER_TLS_CLIENT_CA"]
    );
}
