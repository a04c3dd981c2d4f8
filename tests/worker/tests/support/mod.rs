//! What the tests share.

#![allow(dead_code, reason = "each test file uses its part")]

use std::process::{Command, Stdio};

use centrifugo::testing::Host;
pub use test_support::Log;

/// The binary of this package with that name.
pub fn worker(name: &str) -> Command {
    let mut command = Command::new(match name {
        "every" => env!("CARGO_BIN_EXE_every"),
        "one" => env!("CARGO_BIN_EXE_one"),
        "none" => env!("CARGO_BIN_EXE_none"),
        "wrong" => env!("CARGO_BIN_EXE_wrong"),
        "inside" => env!("CARGO_BIN_EXE_inside"),
        "hidden" => env!("CARGO_BIN_EXE_hidden"),
        "cycle" => env!("CARGO_BIN_EXE_cycle"),
        "failed" => env!("CARGO_BIN_EXE_failed"),
        "limits" => env!("CARGO_BIN_EXE_limits"),
        other => panic!("no binary {other}"),
    });
    // To print one takes longer than some handlers may.
    command.env("RUST_BACKTRACE", "0");
    command
}

/// A running worker, and the file that its standard error goes to.
pub fn host(name: &str) -> (Host, Log) {
    let log = Log::new("stderr");
    let mut command = worker(name);
    command.stderr(log.create());
    (Host::spawn(command).unwrap(), log)
}

/// Runs a worker that is expected to fail at start; what it printed.
pub fn start_error(name: &str, env: &[(&str, &str)]) -> String {
    let output = worker(name)
        .envs(env.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(!output.status.success(), "the worker started");
    assert!(
        output.stdout.is_empty(),
        "a start error belongs on standard error"
    );
    String::from_utf8(output.stderr).unwrap()
}
