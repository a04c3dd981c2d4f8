//! A worker built with `panic = "abort"`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::process::Command;

use centrifugo::testing::{Host, Received};
use test_support::{Log, cargo, target};

#[test]
fn warns_at_start_and_exits_on_a_panic() {
    // A program of few dependencies, since all of them are compiled for this profile.
    let built = cargo()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--quiet", "-p", "lean", "--bin", "panics"])
        .args(["--profile", "abort"])
        .status()
        .unwrap();
    assert!(built.success());

    let log = Log::new("stderr");
    let mut command = Command::new(target().join("abort/panics"));
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
