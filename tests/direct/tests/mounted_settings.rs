//! Log lines of mounted programs about settings and about a missing shutdown.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::process::{Command, Output};

/// Runs a program that mounts a service or a router and exits. Returns its standard output and its log.
fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_mounted"))
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let log = String::from_utf8(stderr).unwrap();
    assert!(status.success(), "{log}");
    (String::from_utf8(stdout).unwrap(), log)
}

fn log_of_mounted(what: &str) -> String {
    let variables = [
        ("WORKER_TLS_CERT", "no/such/file"),
        ("WORKER_TLS_CLIENT_CA", "no/such/file"),
        ("WORKER_LISTEN", "nowhere"),
        ("WORKER_HTTP_PREFIX", "/proxy"),
        ("WORKER_HANDLER_TIMEOUT", "3s"),
    ];
    run(&[what], &variables).1
}

fn ignored_variables(log: &str) -> Vec<&str> {
    let lines = log.lines().filter(|line| line.contains("setting ignored"));
    lines
        .map(|line| {
            assert!(line.contains("WARN"), "{line}");
            line.split('"').nth(1).unwrap()
        })
        .collect()
}

#[test]
fn warns_of_variables_that_a_mounted_service_ignores() {
    assert_eq!(
        ignored_variables(&log_of_mounted("service")),
        [
            "WORKER_LISTEN",
            "WORKER_HTTP_PREFIX",
            "WORKER_TLS_CERT",
            "WORKER_TLS_CLIENT_CA"
        ]
    );
}

#[test]
fn warns_of_variables_that_a_mounted_router_ignores() {
    assert_eq!(
        ignored_variables(&log_of_mounted("router")),
        ["WORKER_LISTEN", "WORKER_TLS_CERT", "WORKER_TLS_CLIENT_CA"]
    );
}

#[test]
fn warns_of_unknown_variables_and_suggests_the_nearest() {
    for way in ["service", "serve"] {
        let variables = [
            ("WORKER_HANDLER_TIMOUT", "3s"),
            ("WORKER_X", "1"),
            ("WORKER_LISTEN", "127.0.0.1:0"),
        ];
        let (_, log) = run(&[way], &variables);
        assert!(
            log.contains("did you mean WORKER_HANDLER_TIMEOUT?"),
            "{way}: {log}"
        );
        assert!(
            log.contains("unknown variable ignored variable=\"WORKER_X\""),
            "{way}: {log}"
        );
    }
}

#[test]
fn warns_when_the_program_exits_without_finish() {
    let warning = "program dropped without a shutdown";
    let (_, log) = run(&["router"], &[]);
    assert!(log.contains("shut down") && !log.contains(warning), "{log}");
    let (_, log) = run(&["router", "forget"], &[]);
    assert!(!log.contains("shut down") && log.contains(warning), "{log}");
}

#[test]
fn prints_the_description_of_a_mounted_program() {
    let (output, _) = run(&["service"], &[("WORKER_DESCRIBE", "json")]);
    assert!(
        output.contains("\"pattern\": \"ping\"") || output.contains("\"pattern\":\"ping\""),
        "{output}"
    );
}
