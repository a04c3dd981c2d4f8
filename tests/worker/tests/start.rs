//! What is wrong at start is said at once, and all of it.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::process::Stdio;

use centrifugo::testing::Host;
use rustix::process::{Pid, Signal, kill_process};
use support::{Log, host, start_error, worker};

/// That a worker names these problems at start and no others: a line for each, with its place first.
fn assert_problems(name: &str, problems: &[(&str, &[&str])]) {
    let text = start_error(name, &[("RR_RELAY", "pipes")]);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("Error: can't start"), "{text}");
    assert_eq!(lines.clone().count(), problems.len(), "{text}");
    for (line, (place, parts)) in lines.zip(problems) {
        let place = format!("  tests/worker/src/bin/{place}");
        assert!(line.starts_with(&place), "{place} in {line}");
        for part in *parts {
            assert!(line.contains(part), "{part} in {line}");
        }
    }
}

#[test]
fn without_roadrunner_it_says_how_to_run() {
    let log = Log::new("stderr");
    let mut child = worker("every")
        .env("WORKER_LISTEN", "127.0.0.1:0")
        .stdin(Stdio::null())
        .stderr(log.create())
        .spawn()
        .unwrap();
    // It is the proxy endpoint itself: where, with which handlers, and how Centrifugo is told to ask them.
    let text = log.wait_for("grpc://127.0.0.1:");
    for part in [
        "gRPC on 127.0.0.1:",
        "  rpc ",
        "src/bin/every.rs:",
        "\"endpoint\"",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn limits_of_zero_are_refused_with_the_rest() {
    let relay = [("ZEROS", "1"), ("RR_RELAY", "pipes")];
    let listen = [("ZEROS", "1"), ("WORKER_LISTEN", "nowhere")];
    for env in [relay, listen] {
        let text = start_error("limits", &env);
        for setting in [
            "handler_timeout",
            "max_frame_len",
            "max_events",
            "concurrency",
            "max_connections",
        ] {
            let problem = format!("\n  `Server::{setting}` was given 0");
            assert!(text.contains(&problem), "{text}");
        }
        assert_eq!(text.contains("WORKER_LISTEN"), env == listen, "{text}");
    }
}

#[test]
fn another_mode_and_a_relay_that_is_none() {
    let text = start_error("every", &[("RR_MODE", "http"), ("RR_RELAY", "pipes")]);
    assert!(text.contains("`http` plugin"), "{text}");
    let text = start_error("every", &[("RR_RELAY", "pigeons")]);
    assert!(text.contains("`pigeons`"), "{text}");
    let text = start_error("every", &[("RR_RELAY", "unix:///nowhere/rr.sock")]);
    assert!(text.contains("does not open"), "{text}");
}

#[test]
fn no_handler_names_the_linker_trap() {
    let text = start_error("none", &[("RR_RELAY", "pipes")]);
    assert!(text.contains("use my_handlers as _;"), "{text}");
}

#[test]
fn all_problems_with_their_places() {
    assert_problems(
        "wrong",
        &[
            ("wrong.rs:9", &["`once`", "Missing", "nothing provides it"]),
            ("wrong.rs:12", &["pattern `twice`", "`once` at", "wrong.rs:9;"]),
            (
                "wrong.rs:18",
                &[
                    "two `#[invalid]`",
                    "`other_reader` here and `one_reader` at",
                    "wrong.rs:15:",
                ],
            ),
            (
                "wrong.rs:26",
                &[
                    "wrong::Shared",
                    "`other_shared` here and `one_shared` at",
                    "wrong.rs:21;",
                ],
            ),
        ],
    );
}

#[test]
fn states_that_wait_for_each_other_are_named_with_their_places() {
    let text = start_error("cycle", &[("RR_RELAY", "pipes")]);
    for part in [
        "wait for each other: `chicken` (tests/worker/src/bin/cycle.rs:16), `egg` (tests/worker/src/bin/cycle.rs:21)\n",
        // With all else that is wrong.
        "cycle.rs:31: `only` takes `State<cycle::Missing>`",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("alone") && !text.contains("omelette"), "{text}");
}

#[test]
fn all_states_that_fail_are_named_with_their_causes() {
    // What needs them is no problem of its own.
    assert_problems(
        "failed",
        &[
            (
                "failed.rs:27",
                &["state `db` failed: no database: the pool is empty: connection refused"],
            ),
            ("failed.rs:34", &["state `cache` failed: no cache"]),
        ],
    );
}

#[test]
fn a_handler_that_is_never_called_is_named() {
    let (mut host, log) = host("hidden");
    let text = log.wait_for("handler is never called");
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.contains("handler is never called"))
        .collect();
    assert_eq!(lines.len(), 1, "{text}");
    for part in [
        "handler=\"hidden\"",
        "hidden.rs:5",
        "`{path*}/get` of `wins` at",
        "hidden.rs:10",
    ] {
        assert!(lines[0].contains(part), "{part} in {}", lines[0]);
    }
    let answer = host.rpc("user/get").send().unwrap();
    assert_eq!(&answer.result().unwrap().data[..], b"\"user\"");
}

#[test]
fn inside_a_runtime_serve_names_its_sibling() {
    let text = start_error("inside", &[("RR_RELAY", "pipes")]);
    assert!(text.contains(".serve().await"), "{text}");
}

#[test]
fn server_serve_works_on_a_current_thread_runtime() {
    let mut command = worker("inside");
    command.env("SERVE", "1").stderr(Stdio::null());
    let mut host = Host::spawn(command).unwrap();
    assert!(host.rpc("only").send().unwrap().result().is_some());
    assert!(host.stop().unwrap().success());
}
