//! Start errors: all problems are reported at once, each with its place.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::process::Stdio;

use centrifugo::testing::Host;
use rustix::process::{Pid, Signal, kill_process};
use support::{Log, host, start_error, worker};

/// Asserts that a worker reports exactly these problems at start: one line each, beginning with the place.
fn assert_problems(name: &str, problems: &[(&str, &[&str])]) {
    let text = start_error(name, &[("RR_RELAY", "pipes")]);
    // The log has the same text for RoadRunner, which does not read what `main` prints at the end.
    let (log, printed) = text.split_once("Error: can't start\n").unwrap();
    let logged = log.split_once("ERROR centrifugo: can't start\n");
    assert_eq!(logged.map(|(_, logged)| logged), Some(printed), "{text}");
    let lines = printed.lines();
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
fn prints_address_and_configuration_without_roadrunner() {
    let log = Log::new("stderr");
    let mut child = worker("all_events")
        .env("WORKER_LISTEN", "127.0.0.1:0")
        .stdin(Stdio::null())
        .stderr(log.create())
        .spawn()
        .unwrap();
    // The program serves the proxy endpoint itself and prints its address, its handlers and the configuration for
    // Centrifugo.
    let text = log.wait_for("grpc://127.0.0.1:");
    for part in [
        "gRPC on 127.0.0.1:",
        "  rpc ",
        "src/bin/all_events.rs:",
        "\"endpoint\"",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn reports_limits_of_zero_with_all_other_problems() {
    let relay = [("ZEROS", "1"), ("RR_RELAY", "pipes")];
    let listen = [("ZEROS", "1"), ("WORKER_LISTEN", "nowhere")];
    for env in [relay, listen] {
        let text = start_error("limits_in_code", &env);
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
fn refuses_another_mode_and_an_invalid_relay() {
    let text = start_error("all_events", &[("RR_MODE", "http"), ("RR_RELAY", "pipes")]);
    assert!(text.contains("`http` plugin"), "{text}");
    let text = start_error("all_events", &[("RR_RELAY", "pigeons")]);
    assert!(text.contains("`pigeons`"), "{text}");
    let text = start_error("all_events", &[("RR_RELAY", "unix:///nowhere/rr.sock")]);
    assert!(text.contains("cannot be opened"), "{text}");
}

#[test]
fn explains_how_to_link_handlers_when_there_are_none() {
    let text = start_error("no_handlers", &[("RR_RELAY", "pipes")]);
    assert!(text.contains("use my_handlers as _;"), "{text}");
}

#[test]
fn reports_all_problems_with_their_places() {
    assert_problems(
        "conflicts",
        &[
            ("conflicts.rs:8", &["`once`", "Missing", "nothing provides it"]),
            (
                "conflicts.rs:11",
                &["pattern `twice`", "`once` at", "conflicts.rs:8;"],
            ),
            (
                "conflicts.rs:17",
                &[
                    "two `#[invalid]`",
                    "`other_reader` here and `one_reader` at",
                    "conflicts.rs:14;",
                ],
            ),
            (
                "conflicts.rs:25",
                &[
                    "conflicts::Shared",
                    "`other_shared` here and `one_shared` at",
                    "conflicts.rs:20;",
                ],
            ),
        ],
    );
}

#[test]
fn reports_a_cycle_of_states_with_their_places() {
    let text = start_error("state_cycle", &[("RR_RELAY", "pipes")]);
    for part in [
        "depend on each other: `chicken` (tests/worker/src/bin/state_cycle.rs:16), `egg` (tests/worker/src/bin/state_cycle.rs:21)\n",
        // The other problems are reported as well.
        "state_cycle.rs:31: `only` takes `State<state_cycle::Missing>`",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("alone") && !text.contains("omelette"), "{text}");
}

#[test]
fn reports_failing_states_and_missing_ones_together() {
    // States that need a failed one are not reported.
    assert_problems(
        "failing_states",
        &[
            (
                "failing_states.rs:28",
                &["state `db` failed: no database: the pool is empty: connection refused"],
            ),
            ("failing_states.rs:35", &["state `cache` failed: no cache"]),
            (
                "failing_states.rs:45",
                &["`only`", "Missing", "nothing provides it"],
            ),
        ],
    );
}

#[test]
fn warns_of_a_handler_that_is_never_called() {
    let (mut host, log) = host("shadowed_handler");
    let text = log.wait_for("handler is never called");
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.contains("handler is never called"))
        .collect();
    assert_eq!(lines.len(), 1, "{text}");
    for part in [
        "handler=\"hidden\"",
        "shadowed_handler.rs:5",
        "`{path*}/get` of `wins` at",
        "shadowed_handler.rs:10",
    ] {
        assert!(lines[0].contains(part), "{part} in {}", lines[0]);
    }
    let answer = host.rpc("user/get").send().unwrap();
    assert_eq!(&answer.result().unwrap().data[..], b"\"user\"");
}

#[test]
fn reports_channel_types_that_contradict_each_other() {
    assert_problems(
        "channel_type_conflicts",
        &[
            (
                "channel_type_conflicts.rs:10",
                &[
                    "namespace `chat` has two values of `history_size`: 50 of `Thread` here and 100 of `Chat` at",
                    "channel_type_conflicts.rs:5;",
                ],
            ),
            (
                "channel_type_conflicts.rs:21",
                &[
                    "two channel types have the pattern `news:{name}`: `SameNews` here and `News` at",
                    "channel_type_conflicts.rs:16;",
                ],
            ),
            (
                "channel_type_conflicts.rs:36",
                &[
                    "`prices` is called for channels with `subscription_type = \"shared_poll\"`, but `Prices` at",
                    "channel_type_conflicts.rs:26 has \"map\"",
                ],
            ),
        ],
    );
}

#[test]
fn warns_of_channel_types_that_share_a_namespace() {
    let (host, log) = host("shared_namespace");
    log.wait_for("channel type shares its namespace with a pattern");
    log.wait_for("Centrifugo has no channels of this type");
    log.wait_for("receive error 107");
    let text = log.wait_for("options of another channel type");
    let line = |message| {
        let lines: Vec<_> = text.lines().filter(|line| line.contains(message)).collect();
        assert_eq!(lines.len(), 1, "{text}");
        lines[0]
    };
    for (message, parts) in [
        (
            "options of another channel type apply to these channels too",
            [
                "channel_type=\"Thread\"",
                "namespace `chat` also has `history_size` of `Chat` at",
                "shared_namespace.rs:5, `history_ttl` of `Chat`",
            ],
        ),
        (
            "channel type shares its namespace with a pattern",
            [
                "channel_type=\"Chat\"",
                "namespace `chat` also has the pattern `chat:*` of `others` at",
                "shared_namespace.rs:34: the options apply",
            ],
        ),
        (
            "clients that this handler lets in receive error 107",
            [
                "handler=\"watch_seats\"",
                "pattern=\"seats:{row}\"",
                "subscribes no client to a map when it has asked a handler",
            ],
        ),
        (
            "Centrifugo has no channels of this type",
            [
                "channel_type=\"Refused\"",
                "namespace `a` is refused by Centrifugo",
                "shared_namespace.rs:21",
            ],
        ),
    ] {
        for part in parts {
            assert!(line(message).contains(part), "{part} in {}", line(message));
        }
    }
    drop(host);
}

#[test]
fn names_server_serve_when_serve_runs_inside_a_runtime() {
    let text = start_error("inside_runtime", &[("RR_RELAY", "pipes")]);
    assert!(text.contains(".serve().await"), "{text}");
}

#[test]
fn serves_on_a_current_thread_runtime() {
    let mut command = worker("inside_runtime");
    command.env("SERVE", "1").stderr(Stdio::null());
    let mut host = Host::spawn(command).unwrap();
    assert!(host.rpc("only").send().unwrap().result().is_some());
    assert!(host.stop().unwrap().success());
}
