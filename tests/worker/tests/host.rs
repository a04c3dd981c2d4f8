//! What the host of tests does with a worker that does not do its part.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::io::ErrorKind;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use centrifugo::testing::{Host, HostError, Received, RelayKind};
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use support::{Log, worker};

const RELAYS: [RelayKind; 3] = [RelayKind::Pipes, RelayKind::Tcp, RelayKind::Unix];

/// Spawns what is no good worker; the error, and how long it took.
fn spawn(relay: RelayKind, limit: Duration, command: Command) -> (HostError, Duration) {
    let start = Instant::now();
    let host = Host::builder().relay(relay).limit(limit).spawn(command);
    let error = host.err().unwrap();
    (error, start.elapsed())
}

/// A shell that notes its pid and its relay before it runs the script.
fn shell(notes: &Log, script: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("echo \"$$ $RR_RELAY\" >\"$NOTES\"; {script}")])
        .env("NOTES", notes.path())
        .stderr(Stdio::null());
    command
}

/// That neither the process nor its socket is left.
fn assert_nothing_is_left(notes: &Log) {
    let notes = notes.wait_for("\n");
    let (pid, relay) = notes.trim().split_once(' ').unwrap();
    let pid = Pid::from_raw(pid.parse().unwrap()).unwrap();
    assert_eq!(test_kill_process(pid), Err(Errno::SRCH), "{relay}");
    if let Some(path) = relay.strip_prefix("unix://") {
        assert!(!std::path::Path::new(path).exists(), "{path}");
    }
}

#[test]
fn a_worker_that_ends_at_start_is_seen_at_once_with_its_status() {
    for relay in RELAYS {
        let mut command = worker("every");
        command.env("WORKER_MAX_EVENTS", "none").stderr(Stdio::null());
        let (error, took) = spawn(relay, Duration::from_secs(10), command);
        assert!(
            matches!(error, HostError::Ended(status) if status.code() == Some(1)),
            "{relay:?}: {error:?}"
        );
        assert!(error.to_string().contains("exit status: 1"), "{error}");
        assert!(took < Duration::from_secs(2), "{relay:?}: {took:?}");
    }
    // The relay is open before the handlers are looked at.
    for relay in RELAYS {
        let mut command = worker("none");
        command.stderr(Stdio::null());
        let (error, _) = spawn(relay, Duration::from_secs(10), command);
        assert!(
            matches!(error, HostError::Ended(status) if status.code() == Some(1)),
            "{relay:?}: {error:?}"
        );
    }
}

#[test]
fn a_worker_that_ends_at_start_leaves_nothing() {
    for relay in RELAYS {
        let notes = Log::new("notes");
        let (error, _) = spawn(relay, Duration::from_secs(10), shell(&notes, "exit 3"));
        assert!(
            matches!(error, HostError::Ended(status) if status.code() == Some(3)),
            "{relay:?}: {error:?}"
        );
        assert_nothing_is_left(&notes);
    }
}

#[test]
fn a_worker_that_never_shakes_hands_is_killed() {
    let limit = Duration::from_millis(300);
    for relay in RELAYS {
        let notes = Log::new("notes");
        let (error, took) = spawn(relay, limit, shell(&notes, "exec sleep 60"));
        assert!(
            matches!(error, HostError::NoAnswer(after) if after == limit),
            "{relay:?}: {error:?}"
        );
        assert!(took >= limit && took < Duration::from_secs(3), "{took:?}");
        assert_nothing_is_left(&notes);
    }
}

#[test]
fn a_worker_that_answers_something_else_is_killed() {
    let notes = Log::new("notes");
    let command = shell(&notes, "echo 'no frame at all'; exec sleep 60");
    let (error, _) = spawn(RelayKind::Pipes, Duration::from_secs(10), command);
    assert!(
        matches!(error, HostError::Unexpected(Received::Broken(_))),
        "{error:?}"
    );
    assert_nothing_is_left(&notes);
}

#[test]
fn a_program_that_is_not_there_leaves_no_socket() {
    let sockets = || {
        let mine = format!("centrifugo-{}-", std::process::id());
        std::fs::read_dir(std::env::temp_dir())
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
            .filter(|name| name.starts_with(&mine) && name.ends_with(".sock"))
            .collect::<Vec<_>>()
    };
    for relay in RELAYS {
        let (error, _) = spawn(relay, Duration::from_secs(10), Command::new("/nowhere/worker"));
        assert!(
            matches!(&error, HostError::Io(error) if error.kind() == ErrorKind::NotFound),
            "{relay:?}: {error:?}"
        );
    }
    // Those of the other tests come and go.
    let start = Instant::now();
    while let left @ [_, ..] = &sockets()[..] {
        assert!(start.elapsed() < Duration::from_secs(5), "{left:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
