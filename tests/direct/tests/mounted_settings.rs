//! What a mounted program says of its settings, and of its end.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::process::{Command, Output};

/// Runs a program that mounts a service or a router and ends. Returns its standard output and its log.
fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_mounts"))
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let log = String::from_utf8(stderr).unwrap();
    assert!(status.success(), "{log}");
    (String::from_utf8(stdout).unwrap(), log)
}

fn mount(what: &str) -> String {
    let variables = [
        ("WORKER_TLS_CERT", "no/such/file"),
        ("WORKER_TLS_CLIENT_CA", "no/such/file"),
        ("WORKER_LISTEN", "nowhere"),
        ("WORKER_HTTP_PREFIX", "/proxy"),
        ("WORKER_HANDLER_TIMEOUT", "3s"),
    ];
    run(&[what], &variables).1
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

#[test]
fn warns_of_unknown_variables_and_names_the_nearest() {
    let (_, log) = run(
        &["service"],
        &[("WORKER_HANDLER_TIMOUT", "3s"), ("WORKER_X", "1")],
    );
    assert!(log.contains("did you mean WORKER_HANDLER_TIMEOUT?"), "{log}");
    assert!(
        log.contains("unknown variable ignored variable=\"WORKER_X\""),
        "{log}"
    );
}

#[test]
fn warns_when_the_program_is_dropped_without_its_end() {
    let forgotten = "program dropped without a shutdown";
    let (_, log) = run(&["router"], &[]);
    assert!(log.contains("shut down") && !log.contains(forgotten), "{log}");
    let (_, log) = run(&["router", "forget"], &[]);
    assert!(!log.contains("shut down") && log.contains(forgotten), "{log}");
}

#[test]
fn describes_a_mounted_program() {
    let (output, _) = run(&["service"], &[("WORKER_DESCRIBE", "json")]);
    assert!(
        output.contains("\"pattern\": \"ping\"") || output.contains("\"pattern\":\"ping\""),
        "{output}"
    );
}
