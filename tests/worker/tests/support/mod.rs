//! What the tests share.

#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use centrifugo::testing::Host;

/// The binary of this package with that name.
pub fn worker(name: &str) -> Command {
    Command::new(match name {
        "every" => env!("CARGO_BIN_EXE_every"),
        "one" => env!("CARGO_BIN_EXE_one"),
        "none" => env!("CARGO_BIN_EXE_none"),
        "wrong" => env!("CARGO_BIN_EXE_wrong"),
        "inside" => env!("CARGO_BIN_EXE_inside"),
        "hidden" => env!("CARGO_BIN_EXE_hidden"),
        other => panic!("no binary {other}"),
    })
}

/// A running worker, and the file that its standard error goes to.
pub fn host(name: &str) -> (Host, Log) {
    let log = Log::new("stderr");
    let mut command = worker(name);
    command.stderr(fs::File::create(&log.0).unwrap());
    (Host::spawn(command).unwrap(), log)
}

/// A file that a worker writes.
pub struct Log(pub PathBuf);

impl Log {
    pub fn new(name: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(
            PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
                .join(format!("{name}-{}-{number}", std::process::id())),
        )
    }

    pub fn text(&self) -> String {
        fs::read_to_string(&self.0).unwrap_or_default()
    }

    /// Waits until the text is there: the worker logs after its answer.
    pub fn wait_for(&self, part: &str) -> String {
        let end = Instant::now() + Duration::from_secs(5);
        loop {
            let text = self.text();
            if text.contains(part) {
                return text;
            }
            assert!(Instant::now() < end, "no `{part}` in:\n{text}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Runs a worker that is expected to fail at start; what it printed.
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
