//! `testing::Host` with workers that exit, hang or send invalid frames at start.

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

/// Spawns a worker that must fail. Returns the error and the elapsed time.
fn spawn(relay: RelayKind, limit: Duration, command: Command) -> (HostError, Duration) {
    let start = Instant::now();
    let host = Host::builder().relay(relay).limit(limit).spawn(command);
    let error = host.err().unwrap();
    (error, start.elapsed())
}

/// Returns a shell that writes its pid and its relay to the notes and then runs the script.
fn shell(notes: &Log, script: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("echo \"$$ $RR_RELAY\" >\"$NOTES\"; {script}")])
        .env("NOTES", notes.path())
        .stderr(Stdio::null());
    command
}

/// Asserts that the process has exited and its socket is removed.
fn assert_cleaned_up(notes: &Log) {
    let notes = notes.wait_for("\n");
    let (pid, relay) = notes.trim().split_once(' ').unwrap();
    let pid = Pid::from_raw(pid.parse().unwrap()).unwrap();
    assert_eq!(test_kill_process(pid), Err(Errno::SRCH), "{relay}");
    if let Some(path) = relay.strip_prefix("unix://") {
        assert!(!std::path::Path::new(path).exists(), "{path}");
    }
}

#[test]
fn reports_the_status_of_a_worker_that_exits_at_start() {
    for relay in RELAYS {
        let mut command = worker("all_events");
        command.env("WORKER_MAX_EVENTS", "none").stderr(Stdio::null());
        let (error, took) = spawn(relay, Duration::from_secs(10), command);
        assert!(
            matches!(error, HostError::Ended(status) if status.code() == Some(1)),
            "{relay:?}: {error:?}"
        );
        assert!(error.to_string().contains("exit status: 1"), "{error}");
        assert!(took < Duration::from_secs(2), "{relay:?}: {took:?}");
    }
    // The relay is open before the handlers are checked.
    for relay in RELAYS {
        let mut command = worker("no_handlers");
        command.stderr(Stdio::null());
        let (error, _) = spawn(relay, Duration::from_secs(10), command);
        assert!(
            matches!(error, HostError::Ended(status) if status.code() == Some(1)),
            "{relay:?}: {error:?}"
        );
    }
}

#[test]
fn cleans_up_after_a_worker_that_exits_at_start() {
    for relay in RELAYS {
        let notes = Log::new("notes");
        let (error, _) = spawn(relay, Duration::from_secs(10), shell(&notes, "exit 3"));
        assert!(
            matches!(error, HostError::Ended(status) if status.code() == Some(3)),
            "{relay:?}: {error:?}"
        );
        assert_cleaned_up(&notes);
    }
}

#[test]
fn kills_a_worker_that_never_answers_the_handshake() {
    let limit = Duration::from_millis(300);
    for relay in RELAYS {
        let notes = Log::new("notes");
        let (error, took) = spawn(relay, limit, shell(&notes, "exec sleep 60"));
        assert!(
            matches!(error, HostError::NoAnswer(after) if after == limit),
            "{relay:?}: {error:?}"
        );
        assert!(took >= limit && took < Duration::from_secs(3), "{took:?}");
        assert_cleaned_up(&notes);
    }
}

#[test]
fn kills_a_worker_that_answers_with_invalid_bytes() {
    let notes = Log::new("notes");
    let command = shell(&notes, "echo 'no frame at all'; exec sleep 60");
    let (error, _) = spawn(RelayKind::Pipes, Duration::from_secs(10), command);
    assert!(
        matches!(error, HostError::Unexpected(Received::Broken(_))),
        "{error:?}"
    );
    assert_cleaned_up(&notes);
}

#[test]
fn leaves_no_socket_for_a_missing_program() {
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
    // Sockets of other tests may come and go.
    let start = Instant::now();
    while let left @ [_, ..] = &sockets()[..] {
        assert!(start.elapsed() < Duration::from_secs(5), "{left:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
