//! Graceful shutdown of a program.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use support::{Program, outcome_text};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

const ALL_NOTES: &str = "first\nshutdown\ndrop first\n";

#[tokio::test(flavor = "multi_thread")]
async fn shuts_down_in_order_on_a_signal_or_when_the_given_future_completes() {
    for signal in [Some(Signal::TERM), Some(Signal::INT), None] {
        let env = [(
            "SHUTDOWN_AFTER_MS",
            if signal.is_none() { "300" } else { "60000" },
        )];
        let mut program = Program::start(&env);
        // An idle connection, a silent one and one with half a preface do not delay the shutdown.
        let _client = program.client().await;
        let silent =
            [program.grpc, program.http].map(|address| TcpStream::connect(address.unwrap()).unwrap());
        (&silent[0]).write_all(b"PRI * HTTP").unwrap();
        if let Some(signal) = signal {
            program.signal(signal);
        }
        let start = Instant::now();
        assert!(program.wait_for_exit().await.success(), "{signal:?}");
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
        assert_eq!(program.notes.text(), ALL_NOTES);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn notifies_health_watchers_and_does_not_wait_for_them() {
    let mut program = Program::start(&[]);
    let mut health = HealthClient::new(program.client().await.0);
    let request = HealthCheckRequest::default();
    let mut watch = health.watch(request).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status, 1);
    program.signal(Signal::TERM);
    let start = Instant::now();
    let update = watch.message().await;
    assert!(
        matches!(&update, Ok(None))
            || update
                .as_ref()
                .is_ok_and(|update| update.as_ref().unwrap().status == 2),
        "{update:?}"
    );
    assert!(program.wait_for_exit().await.success());
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn abandons_an_event_that_does_not_finish_within_the_shutdown_time() {
    let mut program = Program::start(&[("WORKER_HANDLER_TIMEOUT", "60s"), ("SHUTDOWN_HANGS", "1")]);
    let client = program.client().await;
    let call = tokio::spawn(async move { client.rpc("wait", "null").await });
    program.notes.wait_for("wait started");
    program.signal(Signal::TERM);
    let start = Instant::now();
    let status = program.wait_for_exit().await;
    assert!(!status.success());
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    let answer = call.await.unwrap().unwrap();
    assert_eq!(
        outcome_text(&answer),
        "error 100: internal server error (temporary)"
    );
    assert!(
        program.log.text().contains("1 events did not end in time"),
        "{}",
        program.log.text()
    );
    let notes = program.notes.text();
    assert!(
        notes.contains("shutdown\n") && notes.contains("drop first\n"),
        "{notes}"
    );
}
