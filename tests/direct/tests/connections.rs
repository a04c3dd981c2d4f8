//! The limit of open connections.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use rustix::process::Signal;
use support::http::exchange;
use support::{Program, seen, start_error};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread")]
async fn closes_connections_over_the_limit_at_once() {
    let program = Program::start(&[("WORKER_MAX_CONNECTIONS", "4")]);
    // Both endpoints count.
    let client = program.client().await;
    assert_eq!(seen(&client.rpc("echo", "1").await.unwrap()), "1");
    let mut held = Vec::new();
    for address in [
        program.grpc,
        program.http,
        program.http,
        program.grpc,
        program.http,
        program.grpc,
        program.http,
    ] {
        held.push(TcpStream::connect(address.unwrap()).await.unwrap());
    }
    // Which of them come first is not known, since each endpoint accepts its own.
    let mut closed = 0;
    let end = Instant::now() + Duration::from_secs(10);
    while closed < 4 && Instant::now() < end {
        let mut open = Vec::new();
        for mut stream in held {
            match timeout(Duration::from_millis(100), stream.read(&mut [0])).await {
                // Over gRPC the settings arrive first.
                Err(_) | Ok(Ok(1..)) => open.push(stream),
                Ok(Ok(0) | Err(_)) => closed += 1,
            }
        }
        held = open;
    }
    assert_eq!((closed, held.len()), (4, 3));
    let log = program.log.wait_for("connection refused: too many open");
    assert!(log.contains("limit=4"), "{log}");
    // Those within the limit go on.
    assert_eq!(seen(&client.rpc("echo", "2").await.unwrap()), "2");
    // A place that is free again is used again.
    drop(held);
    let end = Instant::now() + Duration::from_secs(10);
    let stream = loop {
        let mut stream = TcpStream::connect(program.http.unwrap()).await.unwrap();
        let is_open = timeout(Duration::from_millis(200), stream.read(&mut [0]))
            .await
            .is_err();
        if is_open {
            break stream;
        }
        assert!(Instant::now() < end, "no place is free again");
    };
    let body = r#"{"method":"echo","data":3}"#;
    let answer = exchange(stream, "POST", "/centrifugo/rpc", &[], body.as_bytes()).await;
    assert_eq!(answer.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_many_closed_connections_in_few_lines() {
    let program = Program::start(&[("WORKER_MAX_CONNECTIONS", "1")]);
    let _held = program.client().await;
    for _ in 0..500 {
        let mut stream = TcpStream::connect(program.grpc.unwrap()).await.unwrap();
        let _ = timeout(Duration::from_secs(5), stream.read(&mut [0]))
            .await
            .unwrap();
    }
    let log = program.log.wait_for("connection refused: too many");
    assert!(log.matches("connection refused: too many").count() <= 4, "{log}");
    // The rest are counted, at the end of the program at the latest.
    program.signal(Signal::TERM);
    let log = program.log.wait_for("connections refused: too many open");
    assert!(log.contains("count=499"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_a_limit_that_is_no_number() {
    let text = start_error(&[("WORKER_MAX_CONNECTIONS", "many")]);
    assert!(text.contains("WORKER_MAX_CONNECTIONS is `many`"), "{text}");
}

/// The standard library asks for 128: of a burst, the kernel would drop the rest.
#[tokio::test(flavor = "multi_thread")]
async fn listens_with_the_longest_backlog_of_the_system() {
    let max = std::fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap();
    let burst = max.trim().parse().unwrap_or(128).min(400);
    let program = Program::start(&[]);
    // It takes none of them now: all have to wait in the kernel.
    program.signal(Signal::STOP);
    let mut connections = Vec::new();
    for number in 0..burst {
        let connect = TcpStream::connect(program.grpc.unwrap());
        let connected = timeout(Duration::from_secs(5), connect).await;
        let stream = connected.unwrap_or_else(|_| panic!("only {number} connections fit in the backlog"));
        connections.push(stream.unwrap());
    }
    program.signal(Signal::CONT);
    let client = program.client().await;
    assert_eq!(seen(&client.rpc("echo", "1").await.unwrap()), "1");
}
