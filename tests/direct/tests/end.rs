//! How a program ends.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use support::{Program, seen};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

const ALL: &str = "first\nshutdown\ndrop first\n";

#[tokio::test(flavor = "multi_thread")]
async fn signals_and_the_given_future_end_it_in_order() {
    for signal in [Some(Signal::TERM), Some(Signal::INT), None] {
        let env = [("END_AFTER", if signal.is_none() { "300" } else { "60000" })];
        let mut program = Program::start(&env);
        // Neither an idle connection holds up the end nor one that has said nothing, or not enough.
        let _client = program.client().await;
        let silent =
            [program.grpc, program.http].map(|address| TcpStream::connect(address.unwrap()).unwrap());
        (&silent[0]).write_all(b"PRI * HTTP").unwrap();
        if let Some(signal) = signal {
            program.signal(signal);
        }
        let start = Instant::now();
        assert!(program.wait().await.success(), "{signal:?}");
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
        assert_eq!(program.notes.text(), ALL);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_watches_the_health_is_told_and_does_not_hold_up_the_end() {
    let mut program = Program::start(&[]);
    let mut health = HealthClient::new(program.client().await.0);
    let request = HealthCheckRequest::default();
    let mut watch = health.watch(request).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status, 1);
    program.signal(Signal::TERM);
    let start = Instant::now();
    let told = watch.message().await;
    assert!(
        matches!(&told, Ok(None)) || told.as_ref().is_ok_and(|told| told.as_ref().unwrap().status == 2),
        "{told:?}"
    );
    assert!(program.wait().await.success());
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_does_not_end_is_given_up_within_the_time() {
    let mut program = Program::start(&[("WORKER_HANDLER_TIMEOUT", "60s"), ("HANG_AT_END", "1")]);
    let client = program.client().await;
    let call = tokio::spawn(async move { client.rpc("wait", "null").await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    program.signal(Signal::TERM);
    let start = Instant::now();
    let status = program.wait().await;
    assert!(!status.success());
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    let answer = call.await.unwrap().unwrap();
    assert_eq!(seen(&answer), "error 100: internal server error (temporary)");
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
