//! A subscriber is set once in a process, so this file has a single test.

#![cfg(feature = "otel")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

fn has_thread(name: &str) -> bool {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    tasks
        .filter_map(|task| fs::read_to_string(task.unwrap().path().join("comm")).ok())
        .any(|comm| comm.starts_with(name))
}

#[test]
fn leaves_no_thread_if_the_program_has_a_subscriber() {
    tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap();
    for _ in 0..3 {
        let error = centrifugo::otel::init().unwrap_err().to_string();
        assert!(error.contains("tracing subscriber already"), "{error}");
    }
    let end = Instant::now() + Duration::from_secs(10);
    while has_thread("centrifugo-otlp") || has_thread("OpenTelemetry") {
        assert!(Instant::now() < end, "a thread is left");
        thread::sleep(Duration::from_millis(10));
    }
}
