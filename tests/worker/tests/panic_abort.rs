//! A worker built with `panic = "abort"`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::process::Command;

use centrifugo::testing::{Host, Received};
use support::Log;

#[test]
fn warns_at_start_and_exits_on_a_panic() {
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "-p",
            "worker-tests",
            "--bin",
            "all_events",
            "--profile",
            "abort",
        ])
        .status()
        .unwrap();
    assert!(built.success());
    let debug = std::path::Path::new(env!("CARGO_BIN_EXE_all_events"));
    let program = debug.ancestors().nth(2).unwrap().join("abort").join("all_events");

    let log = Log::new("stderr");
    let mut command = Command::new(program);
    command.stderr(log.create());
    let mut host = Host::spawn(command).unwrap();
    log.wait_for("a panic in a handler exits the process");
    assert_eq!(
        host.rpc("sum").json(&[1]).send().unwrap().json::<i64>().unwrap(),
        1
    );
    assert!(host.rpc("panic").send().is_err());
    assert_eq!(host.receive().unwrap(), Received::Closed);
    assert!(!host.wait().unwrap().success());
}
