//! Traces are set up once in a process, so this file has a single test.

#![cfg(feature = "otel")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod threads;

use std::thread;
use std::time::{Duration, Instant};

/// Waits until as many threads of the exporter and of OpenTelemetry run. Threads get their names, and end, a little later.
fn wait_for(expected: (usize, usize)) {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let running = (threads::count("centrifugo-otlp"), threads::count("OpenTelemetry"));
        if running == expected {
            return;
        }
        assert!(Instant::now() < end, "{running:?} threads");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn leaves_no_thread_of_a_call_that_fails() {
    centrifugo::otel::init().unwrap();
    wait_for((1, 1));
    for _ in 0..3 {
        let error = centrifugo::otel::init().unwrap_err().to_string();
        assert!(error.contains("call it once"), "{error}");
    }
    // Threads that are left have their names by then.
    thread::sleep(Duration::from_millis(100));
    wait_for((1, 1));
}
