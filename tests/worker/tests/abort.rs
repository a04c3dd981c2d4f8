//! A program that is built with `panic = "abort"`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::process::Command;

use centrifugo::testing::{Host, Received};
use support::Log;

#[test]
fn it_is_warned_at_start_and_a_panic_ends_the_worker() {
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "-p",
            "worker-tests",
            "--bin",
            "every",
            "--profile",
            "abort",
        ])
        .status()
        .unwrap();
    assert!(built.success());
    let debug = std::path::Path::new(env!("CARGO_BIN_EXE_every"));
    let program = debug.ancestors().nth(2).unwrap().join("abort").join("every");

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
