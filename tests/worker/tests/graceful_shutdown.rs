//! Graceful shutdown of a worker.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use centrifugo::testing::{Host, Received, RelayKind};
use rustix::process::{Pid, Signal, kill_process};
use support::{Log, worker};

fn start() -> (Host, Log) {
    start_with_fault("none")
}

fn start_with_fault(fault: &str) -> (Host, Log) {
    start_over(RelayKind::Pipes, fault)
}

fn start_over(relay: RelayKind, fault: &str) -> (Host, Log) {
    let notes = Log::new("notes");
    // A process inherits ignored signals, for example if `nohup` started the tests.
    let mut command = std::process::Command::new("env");
    command
        .arg("--default-signal=HUP")
        .arg(worker("all_events").get_program())
        .env("NOTES", notes.path())
        .env("SHUTDOWN_FAULT", fault)
        .stderr(std::process::Stdio::null());
    let host = Host::builder().relay(relay).spawn(command).unwrap();
    (host, notes)
}

/// Stops one worker by command and one by signal, and asserts that both exit successfully within `LIMIT`.
fn assert_shuts_down(fault: &str, notes: &str) {
    std::thread::scope(|scope| {
        for by_signal in [false, true] {
            scope.spawn(move || {
                let (mut host, log) = start_with_fault(fault);
                let start = Instant::now();
                let status = if by_signal {
                    kill(&host, Signal::TERM);
                    host.wait()
                } else {
                    host.stop()
                };
                assert!(status.unwrap().success(), "{fault}, signal: {by_signal}");
                assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
                assert_eq!(lifecycle(&log), notes, "signal: {by_signal}");
            });
        }
    });
}

/// RoadRunner kills a worker after 10 s.
const LIMIT: Duration = Duration::from_secs(8);

const RELAYS: [RelayKind; 3] = [RelayKind::Pipes, RelayKind::Tcp, RelayKind::Unix];

const ALL_NOTES: &str = "first\nsecond\nshutdown\ndrop second\ndrop first\n";

fn kill(host: &Host, signal: Signal) {
    kill_process(Pid::from_raw(host.pid() as i32).unwrap(), signal).unwrap();
}

/// Sends an rpc that sleeps, and waits until its handler runs.
fn send_sleep(host: &mut Host, notes: &Log, milliseconds: u64) {
    use prost::Message;
    let request = centrifugo::proto::proxy::RpcRequest {
        method: "sleep".into(),
        data: milliseconds.to_string().into(),
        ..Default::default()
    };
    host.send_event(br#"{"type":["rpc"]}"#, &request.encode_to_vec())
        .unwrap();
    notes.wait_for("sleep started");
}

/// Returns the notes about states and shutdown functions.
fn lifecycle(notes: &Log) -> String {
    let notes = notes.text();
    let lines = notes.lines().filter(|line| !line.ends_with(" started"));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn shuts_down_in_order_on_the_stop_command() {
    let (host, notes) = start();
    assert!(host.stop().unwrap().success());
    assert_eq!(lifecycle(&notes), ALL_NOTES);
}

#[test]
fn exits_on_a_signal_while_idle() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let (mut host, notes) = start();
        kill(&host, signal);
        assert!(host.wait().unwrap().success(), "{signal:?}");
        assert_eq!(lifecycle(&notes), ALL_NOTES);
    }
}

#[test]
fn answers_the_running_event_after_a_signal() {
    for signal in [Signal::TERM, Signal::HUP] {
        let (mut host, notes) = start();
        send_sleep(&mut host, &notes, 400);
        kill(&host, signal);
        assert!(
            matches!(host.receive().unwrap(), Received::Answer(_)),
            "{signal:?}"
        );
        assert!(host.wait().unwrap().success(), "{signal:?}");
        assert_eq!(lifecycle(&notes), ALL_NOTES);
    }
}

#[test]
fn ignores_sighup_under_nohup() {
    let mut command = std::process::Command::new("nohup");
    command.arg(worker("all_events").get_program());
    command.stderr(std::process::Stdio::null());
    let mut host = Host::spawn(command).unwrap();
    kill(&host, Signal::HUP);
    std::thread::sleep(Duration::from_millis(100));
    assert!(host.rpc("echo").send().unwrap().result().is_some());
    assert!(host.stop().unwrap().success());
}

#[test]
fn abandons_the_running_event_before_roadrunner_kills_the_worker() {
    let (mut host, notes) = start();
    send_sleep(&mut host, &notes, 60_000);
    let start = Instant::now();
    kill(&host, Signal::TERM);
    assert_eq!(host.wait().unwrap().code(), Some(1));
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
    assert_eq!(lifecycle(&notes), ALL_NOTES);
}

#[test]
fn exits_in_time_when_a_shutdown_function_hangs() {
    assert_shuts_down("hangs", ALL_NOTES);
}

#[test]
fn exits_in_time_when_a_shutdown_function_or_a_drop_blocks() {
    // The blocked function still holds the second state, which was built from the first, so neither is dropped.
    assert_shuts_down("blocks", "first\nsecond\nshutdown\n");
    assert_shuts_down("a drop blocks", "first\nsecond\nshutdown\ndrop second\n");
}

#[test]
fn completes_the_shutdown_after_a_panic() {
    assert_shuts_down("panics", ALL_NOTES);
    assert_shuts_down("a drop panics", ALL_NOTES);
}

#[test]
fn completes_the_shutdown_when_roadrunner_stops_or_hangs_up_after_a_signal() {
    for hangs_up in [false, true] {
        let (host, notes) = start_with_fault("takes a second");
        kill(&host, Signal::TERM);
        notes.wait_for("shutdown started");
        let status = if hangs_up { host.hang_up() } else { host.stop() };
        assert!(status.unwrap().success());
        assert_eq!(lifecycle(&notes), ALL_NOTES);
    }
}

#[test]
fn completes_the_shutdown_past_the_time_limit_of_a_dropped_handler() {
    use prost::Message;
    let (mut host, notes) = start_with_fault("takes a second");
    let request = centrifugo::proto::proxy::RpcRequest {
        method: "hang".into(),
        ..Default::default()
    };
    host.send_event(br#"{"type":["rpc"]}"#, &request.encode_to_vec())
        .unwrap();
    notes.wait_for("hang started");
    assert!(host.hang_up().unwrap().success());
    assert_eq!(lifecycle(&notes), ALL_NOTES);
}

#[test]
fn answers_the_running_event_after_the_stop_command() {
    let (mut host, notes) = start();
    send_sleep(&mut host, &notes, 200);
    assert!(host.stop().unwrap().success());
    assert_eq!(lifecycle(&notes), ALL_NOTES);
}

#[test]
fn drops_the_handler_when_roadrunner_hangs_up() {
    for relay in RELAYS {
        let (mut host, notes) = start_over(relay, "none");
        send_sleep(&mut host, &notes, 5000);
        let start = Instant::now();
        assert!(host.hang_up().unwrap().success(), "{relay:?}");
        assert!(
            start.elapsed() < Duration::from_millis(500),
            "{relay:?}: {:?}",
            start.elapsed()
        );
        assert_eq!(lifecycle(&notes), ALL_NOTES, "{relay:?}");
    }
}

#[test]
fn exits_within_100_ms_when_roadrunner_hangs_up() {
    for relay in RELAYS {
        let mut took: Vec<Duration> = (0..5)
            .map(|_| {
                let mut command = worker("one_handler");
                command.stderr(std::process::Stdio::null());
                let host = Host::builder().relay(relay).spawn(command).unwrap();
                let start = Instant::now();
                assert!(host.hang_up().unwrap().success(), "{relay:?}");
                start.elapsed()
            })
            .collect();
        took.sort();
        assert!(took[2] < Duration::from_millis(100), "{relay:?}: {took:?}");
    }
}

#[test]
fn asks_to_be_replaced_after_the_maximum_of_events() {
    let mut command = worker("one_handler");
    command
        .env("WORKER_MAX_EVENTS", "2")
        .stderr(std::process::Stdio::null());
    let mut host = Host::spawn(command).unwrap();
    for _ in 0..2 {
        assert!(host.rpc("only").send().unwrap().result().is_some());
    }
    host.send_event(br#"{"type":["rpc"]}"#, b"").unwrap();
    assert_eq!(host.receive().unwrap(), Received::Retire);
    assert!(host.stop().unwrap().success());
}
