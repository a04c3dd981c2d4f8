//! Traces are set up once in a process, so this file has a single test.

#![cfg(feature = "otel")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::time::Duration;
use std::{fs, thread};

/// Returns the number of threads whose names begin with this text.
fn threads(name: &str) -> usize {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    tasks
        .filter_map(|task| fs::read_to_string(task.unwrap().path().join("comm")).ok())
        .filter(|comm| comm.starts_with(name))
        .count()
}

#[test]
fn leaves_no_thread_of_a_call_that_fails() {
    centrifugo::otel::init().unwrap();
    let exporters = || (threads("centrifugo-otlp"), threads("OpenTelemetry"));
    let before = exporters();
    assert_eq!(before.0, 1);
    for _ in 0..3 {
        let error = centrifugo::otel::init().unwrap_err().to_string();
        assert!(error.contains("call it once"), "{error}");
    }
    // A thread that is to end needs a moment.
    thread::sleep(Duration::from_millis(100));
    assert_eq!(exporters(), before);
}
