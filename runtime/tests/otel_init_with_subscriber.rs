//! A subscriber is set once in a process, so this file has a single test.

#![cfg(feature = "otel")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod threads;

use std::thread;
use std::time::{Duration, Instant};

#[test]
fn leaves_no_thread_if_the_program_has_a_subscriber() {
    tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap();
    for _ in 0..3 {
        let error = centrifugo::otel::init().unwrap_err().to_string();
        assert!(error.contains("tracing subscriber already"), "{error}");
    }
    let end = Instant::now() + Duration::from_secs(10);
    while threads::count("centrifugo-otlp") + threads::count("OpenTelemetry") > 0 {
        assert!(Instant::now() < end, "a thread is left");
        thread::sleep(Duration::from_millis(10));
    }
}
