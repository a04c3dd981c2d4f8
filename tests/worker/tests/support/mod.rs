//! Starts the programs of this package.

#![allow(dead_code, reason = "each test file uses a part of this module")]

use std::process::{Command, Stdio};

use centrifugo::testing::Host;
pub use test_support::Log;

/// Returns the command that starts a program of this package.
pub fn worker(name: &str) -> Command {
    let mut command = Command::new(match name {
        "all_events" => env!("CARGO_BIN_EXE_all_events"),
        "one_handler" => env!("CARGO_BIN_EXE_one_handler"),
        "no_handlers" => env!("CARGO_BIN_EXE_no_handlers"),
        "channel_type_conflicts" => env!("CARGO_BIN_EXE_channel_type_conflicts"),
        "shared_namespace" => env!("CARGO_BIN_EXE_shared_namespace"),
        "described_types" => env!("CARGO_BIN_EXE_described_types"),
        "data_shapes" => env!("CARGO_BIN_EXE_data_shapes"),
        "conflicts" => env!("CARGO_BIN_EXE_conflicts"),
        "inside_runtime" => env!("CARGO_BIN_EXE_inside_runtime"),
        "shadowed_handler" => env!("CARGO_BIN_EXE_shadowed_handler"),
        "state_cycle" => env!("CARGO_BIN_EXE_state_cycle"),
        "failing_states" => env!("CARGO_BIN_EXE_failing_states"),
        "limits_in_code" => env!("CARGO_BIN_EXE_limits_in_code"),
        other => panic!("no binary {other}"),
    });
    // Printing a backtrace takes longer than the time limits of some handlers.
    command.env("RUST_BACKTRACE", "0");
    command
}

/// Starts a worker. Returns its host and its standard error.
pub fn host(name: &str) -> (Host, Log) {
    let log = Log::new("stderr");
    let mut command = worker(name);
    command.stderr(log.create());
    (Host::spawn(command).unwrap(), log)
}

/// Runs a worker that must fail to start. Returns its standard error.
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
