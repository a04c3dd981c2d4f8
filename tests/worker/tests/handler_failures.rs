//! Errors, panics, timeouts and blocking in handlers. The worker keeps serving unless its thread is blocked.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use centrifugo::testing::{Host, Received};
use support::{Log, host, worker};

#[test]
fn answers_internal_errors_and_panics_with_code_100_and_logs_the_text() {
    let (mut host, log) = host("all_events");
    for method in ["internal", "panic", "panic-later", "panic-blocking"] {
        let answer = host.rpc(method).send().unwrap();
        assert_eq!(
            answer.client_sees(),
            "error 100: internal server error (temporary)",
            "{method}"
        );
    }
    log.wait_for("panicked: a secret of the code");
    let log = log.wait_for("panic_later");
    assert!(log.contains("a secret of the database"), "{log}");
    assert!(log.contains("00000000-0000-4000-8000-000000000000"), "{log}");
    assert_eq!(
        host.rpc("sum").json(&[1]).send().unwrap().json::<i64>().unwrap(),
        1,
        "the worker stopped serving"
    );
}

#[test]
fn logs_an_error_whose_display_panics() {
    let (mut host, log) = host("all_events");
    let answer = host.rpc("mute").send().unwrap();
    assert_eq!(answer.client_sees(), "error 103: permission denied");
    log.wait_for("error 103: permission denied: formatting the error panicked: at the text");
    assert!(host.rpc("echo").send().unwrap().result().is_some());
}

#[test]
fn answers_at_the_time_limit_and_serves_on() {
    let (mut host, log) = host("all_events");
    for method in ["hang", "block"] {
        let start = Instant::now();
        assert_eq!(
            host.rpc(method).send().unwrap().error().unwrap().code,
            100,
            "{method}"
        );
        let took = start.elapsed();
        assert!(
            took >= Duration::from_millis(100) && took < Duration::from_secs(2),
            "{method}: {took:?}"
        );
    }
    log.wait_for("1 blocking handlers are still running");
    assert_eq!(
        host.rpc("sum").json(&[1]).send().unwrap().json::<i64>().unwrap(),
        1
    );
    let start = Instant::now();
    assert!(host.stop().unwrap().success());
    assert!(
        start.elapsed() < Duration::from_secs(3),
        "a blocked thread delayed the shutdown"
    );
}

#[test]
fn serves_on_when_dropping_a_handler_panics() {
    let (mut host, log) = host("all_events");
    for _ in 0..2 {
        let answer = host.rpc("drop-panics").send().unwrap();
        assert_eq!(
            answer.client_sees(),
            "error 100: internal server error (temporary)"
        );
    }
    assert!(host.rpc("echo").send().unwrap().result().is_some());
    let message = "handler panicked when it was dropped";
    let log = log.wait_for_count(message, 2);
    let mut lines = log.lines().filter(|line| line.contains(message));
    let parts = [r#"handler="drop_panics""#, "panic=\"a secret of the drop\""];
    assert!(
        lines.all(|line| parts.iter().all(|part| line.contains(part))),
        "{log}"
    );
}

#[test]
fn exits_when_a_handler_never_yields() {
    let (mut host, log) = host("all_events");
    let start = Instant::now();
    assert!(host.rpc("never-yields").send().is_err());
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(host.wait().unwrap().code(), Some(1));
    assert!(
        log.text().contains("`never_yields` never yielded"),
        "{}",
        log.text()
    );
}

#[test]
fn serves_on_when_the_invalid_function_panics_or_hangs() {
    for (what, said) in [
        ("panics", "invalid function panicked"),
        ("hangs", "invalid function timed out"),
    ] {
        let log = Log::new("stderr");
        let mut command = worker("all_events");
        command.env("INVALID", what).stderr(log.create());
        let mut host = Host::spawn(command).unwrap();
        // An event of an unknown kind, and one whose body is invalid.
        for (context, body) in [(&b"{}"[..], &b""[..]), (br#"{"type":["rpc"]}"#, b"\xff")] {
            host.send_event(context, body).unwrap();
            assert!(matches!(host.receive().unwrap(), Received::Failure(_)));
            let sum = host.rpc("sum").json(&[1]).send().unwrap();
            assert_eq!(sum.json::<i64>().unwrap(), 1, "{what}");
        }
        let log = log.wait_for_count(said, 2);
        assert_eq!(log.matches(said).count(), 2, "{what}");
    }
}

#[test]
fn exits_when_the_invalid_function_never_yields() {
    for (context, body) in [(&b"{}"[..], &b""[..]), (br#"{"type":["rpc"]}"#, b"\xff")] {
        let log = Log::new("stderr");
        let mut command = worker("all_events");
        command.env("INVALID", "blocks").stderr(log.create());
        let mut host = Host::spawn(command).unwrap();
        host.send_event(context, body).unwrap();
        assert!(matches!(host.receive().unwrap(), Received::Failure(_)));
        assert_eq!(host.wait().unwrap().code(), Some(1));
        assert!(
            log.text().contains("`#[invalid]` never yielded"),
            "{}",
            log.text()
        );
    }
}

#[test]
fn redirects_standard_output_to_standard_error() {
    let (mut host, log) = host("all_events");
    for _ in 0..3 {
        assert!(host.rpc("print").send().unwrap().result().is_some());
    }
    assert_eq!(
        log.wait_for("a line")
            .matches("a line on standard output")
            .count(),
        3
    );
}

#[test]
fn gives_child_processes_an_empty_standard_input() {
    let (mut host, log) = host("all_events");
    assert_eq!(
        host.rpc("child").send().unwrap().json::<String>().unwrap(),
        "0 true"
    );
    log.wait_for("from the child");
    assert_eq!(
        host.rpc("sum").json(&[1]).send().unwrap().json::<i64>().unwrap(),
        1
    );
}

#[test]
fn runs_spawned_tasks_while_waiting_for_an_event() {
    let (mut host, _log) = host("all_events");
    host.rpc("spawn").send().unwrap();
    let before = host.rpc("ticks").send().unwrap().json::<u64>().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let after = host.rpc("ticks").send().unwrap().json::<u64>().unwrap();
    // Ticks come every 10 ms, fewer on a busy machine. None would come if the worker only waited for the event.
    assert!(after >= before + 5, "{before} to {after}");
}
