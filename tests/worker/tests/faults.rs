//! What goes wrong inside a handler, and what it costs: never more than its own answer.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use centrifugo::testing::{Host, Received};
use support::{Log, host, worker};

#[test]
fn internal_errors_and_panics_are_code_100_and_the_text_stays_in_the_log() {
    let (mut host, log) = host("every");
    for method in ["internal", "panic", "panic-later", "panic-blocking"] {
        let answer = host.rpc(method).send().unwrap();
        assert_eq!(
            answer.client_sees(),
            "error 100: internal server error (temporary)",
            "{method}"
        );
    }
    let log = log.wait_for("panicked: a secret of the code");
    assert!(log.contains("a secret of the database"), "{log}");
    assert!(
        log.contains("panic_later") && log.contains("00000000-0000-4000-8000-000000000000"),
        "{log}"
    );
    assert_eq!(
        host.rpc("sum").json(&[1]).send().unwrap().json::<i64>().unwrap(),
        1,
        "the worker lives on"
    );
}

#[test]
fn an_error_whose_text_panics_costs_its_own_line_of_the_log() {
    let (mut host, log) = host("every");
    let answer = host.rpc("mute").send().unwrap();
    assert_eq!(answer.client_sees(), "error 103: permission denied");
    log.wait_for("error 103: permission denied: formatting the error panicked: at the text");
    assert!(host.rpc("echo").send().unwrap().result().is_some());
}

#[test]
fn a_handler_past_its_limit_is_answered_and_the_worker_lives_on() {
    let (mut host, log) = host("every");
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
        "a thread that blocks must not hold up the end"
    );
}

#[test]
fn a_handler_that_never_yields_ends_the_process() {
    let (mut host, log) = host("every");
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
fn an_invalid_function_costs_no_more_than_a_handler() {
    for (what, said) in [
        ("panics", "invalid function panicked"),
        ("hangs", "invalid function timed out"),
    ] {
        let log = Log::new("stderr");
        let mut command = worker("every");
        command.env("INVALID", what).stderr(log.create());
        let mut host = Host::spawn(command).unwrap();
        // Without a kind, and with one.
        for (context, body) in [(&b"{}"[..], &b""[..]), (br#"{"type":["rpc"]}"#, b"\xff")] {
            host.send_event(context, body).unwrap();
            assert!(matches!(host.receive().unwrap(), Received::Failure(_)));
            let sum = host.rpc("sum").json(&[1]).send().unwrap();
            assert_eq!(sum.json::<i64>().unwrap(), 1, "{what}");
        }
        let log = log.wait_for_times(said, 2);
        assert_eq!(log.matches(said).count(), 2, "{what}");
    }
}

#[test]
fn an_invalid_function_that_never_yields_ends_the_process() {
    for (context, body) in [(&b"{}"[..], &b""[..]), (br#"{"type":["rpc"]}"#, b"\xff")] {
        let log = Log::new("stderr");
        let mut command = worker("every");
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
fn what_is_printed_goes_to_standard_error() {
    let (mut host, log) = host("every");
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
fn a_child_that_reads_standard_input_finds_nothing() {
    let (mut host, log) = host("every");
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
fn spawned_tasks_go_on_while_the_worker_waits_for_an_event() {
    let (mut host, _log) = host("every");
    host.rpc("spawn").send().unwrap();
    let before = host.rpc("ticks").send().unwrap().json::<u64>().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let after = host.rpc("ticks").send().unwrap().json::<u64>().unwrap();
    assert!(after >= before + 20, "{before} to {after}");
}
