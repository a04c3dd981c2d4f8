//! How a worker ends.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use centrifugo::testing::{Host, Received, RelayKind};
use rustix::process::{Pid, Signal, kill_process};
use support::{Log, worker};

fn noted() -> (Host, Log) {
    noted_where("nothing goes wrong")
}

fn noted_where(at_end: &str) -> (Host, Log) {
    noted_over(RelayKind::Pipes, at_end)
}

fn noted_over(relay: RelayKind, at_end: &str) -> (Host, Log) {
    let notes = Log::new("notes");
    let mut command = worker("every");
    command
        .env("NOTES", notes.path())
        .env("AT_END", at_end)
        .stderr(std::process::Stdio::null());
    let host = Host::builder().relay(relay).spawn(command).unwrap();
    (host, notes)
}

/// Ends one worker by the stop command and one by a signal: both go well, in less than RoadRunner's patience.
fn assert_ends_well(at_end: &str, notes: &str) {
    std::thread::scope(|scope| {
        for by_signal in [false, true] {
            scope.spawn(move || {
                let (mut host, log) = noted_where(at_end);
                let start = Instant::now();
                let status = if by_signal {
                    kill(&host, Signal::TERM);
                    host.wait()
                } else {
                    host.stop()
                };
                assert!(status.unwrap().success(), "{at_end}, signal: {by_signal}");
                assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
                assert_eq!(log.text(), notes, "signal: {by_signal}");
            });
        }
    });
}

/// RoadRunner kills after 10 s.
const LIMIT: Duration = Duration::from_secs(8);

const RELAYS: [RelayKind; 3] = [RelayKind::Pipes, RelayKind::Tcp, RelayKind::Unix];

const ALL: &str = "first\nsecond\nshutdown\ndrop second\ndrop first\n";

fn kill(host: &Host, signal: Signal) {
    kill_process(Pid::from_raw(host.pid() as i32).unwrap(), signal).unwrap();
}

/// Sends an rpc that sleeps, and does not wait for its answer.
fn send_sleep(host: &mut Host, milliseconds: u64) {
    use prost::Message;
    let request = centrifugo::proto::proxy::RpcRequest {
        method: "sleep".into(),
        data: milliseconds.to_string().into(),
        ..Default::default()
    };
    host.send_event(br#"{"type":["rpc"]}"#, &request.encode_to_vec())
        .unwrap();
    std::thread::sleep(Duration::from_millis(50));
}

#[test]
fn the_stop_command_runs_the_end_in_order() {
    let (host, notes) = noted();
    assert!(host.stop().unwrap().success());
    assert_eq!(notes.text(), ALL);
}

#[test]
fn a_signal_ends_an_idle_worker() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let (mut host, notes) = noted();
        kill(&host, signal);
        assert!(host.wait().unwrap().success(), "{signal:?}");
        assert_eq!(notes.text(), ALL);
    }
}

#[test]
fn a_signal_lets_the_event_in_hand_be_answered() {
    for signal in [Signal::TERM, Signal::HUP] {
        let (mut host, notes) = noted();
        send_sleep(&mut host, 400);
        kill(&host, signal);
        assert!(
            matches!(host.receive().unwrap(), Received::Answer(_)),
            "{signal:?}"
        );
        assert!(host.wait().unwrap().success(), "{signal:?}");
        assert_eq!(notes.text(), ALL);
    }
}

#[test]
fn nohup_keeps_sighup_from_a_worker() {
    let mut command = std::process::Command::new("nohup");
    command.arg(worker("every").get_program());
    command.stderr(std::process::Stdio::null());
    let mut host = Host::spawn(command).unwrap();
    kill(&host, Signal::HUP);
    std::thread::sleep(Duration::from_millis(100));
    assert!(host.rpc("echo").send().unwrap().result().is_some());
    assert!(host.stop().unwrap().success());
}

#[test]
fn a_signal_waits_for_the_event_in_hand_no_longer_than_roadrunner_does() {
    let (mut host, notes) = noted();
    send_sleep(&mut host, 60_000);
    let start = Instant::now();
    kill(&host, Signal::TERM);
    assert_eq!(host.wait().unwrap().code(), Some(1));
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
    assert_eq!(notes.text(), ALL);
}

#[test]
fn what_hangs_at_the_end_does_not_hold_it_up() {
    assert_ends_well("hangs", ALL);
}

#[test]
fn what_blocks_at_the_end_does_not_hold_it_up() {
    // It still has the second state, which was built from the first: neither is dropped.
    assert_ends_well("blocks", "first\nsecond\nshutdown\n");
    assert_ends_well("a drop blocks", "first\nsecond\nshutdown\ndrop second\n");
}

#[test]
fn what_panics_at_the_end_holds_nothing_else_back() {
    assert_ends_well("panics", ALL);
    assert_ends_well("a drop panics", ALL);
}

#[test]
fn roadrunner_that_stops_or_goes_after_a_signal_does_not_cut_the_end_short() {
    for goes in [false, true] {
        let (host, notes) = noted_where("takes a second");
        kill(&host, Signal::TERM);
        std::thread::sleep(Duration::from_millis(200));
        let status = if goes { host.hang_up() } else { host.stop() };
        assert!(status.unwrap().success());
        assert_eq!(notes.text(), ALL);
    }
}

#[test]
fn the_limit_of_a_dropped_handler_does_not_cut_the_end_short() {
    use prost::Message;
    let (mut host, notes) = noted_where("takes a second");
    let request = centrifugo::proto::proxy::RpcRequest {
        method: "hang".into(),
        ..Default::default()
    };
    host.send_event(br#"{"type":["rpc"]}"#, &request.encode_to_vec())
        .unwrap();
    std::thread::sleep(Duration::from_millis(50));
    assert!(host.hang_up().unwrap().success());
    assert_eq!(notes.text(), ALL);
}

#[test]
fn the_stop_command_behind_an_event_waits_for_it() {
    let (mut host, notes) = noted();
    send_sleep(&mut host, 200);
    assert!(host.stop().unwrap().success());
    assert_eq!(notes.text(), ALL);
}

#[test]
fn the_end_of_the_stream_drops_the_handler() {
    for relay in RELAYS {
        let (mut host, notes) = noted_over(relay, "nothing goes wrong");
        send_sleep(&mut host, 5000);
        let start = Instant::now();
        assert!(host.hang_up().unwrap().success(), "{relay:?}");
        assert!(
            start.elapsed() < Duration::from_millis(500),
            "{relay:?}: {:?}",
            start.elapsed()
        );
        assert_eq!(notes.text(), ALL, "{relay:?}");
    }
}

#[test]
fn the_end_of_the_stream_ends_an_idle_worker_within_100_ms() {
    for relay in RELAYS {
        let mut took: Vec<Duration> = (0..5)
            .map(|_| {
                let mut command = worker("one");
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
fn a_worker_that_has_had_its_events_asks_to_be_replaced() {
    let mut command = worker("one");
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
