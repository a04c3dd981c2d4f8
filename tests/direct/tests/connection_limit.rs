//! The limit on open connections.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use rustix::process::Signal;
use support::http_client::{HttpConnection, exchange};
use support::{Program, outcome_text, start_error};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

#[tokio::test(flavor = "multi_thread")]
async fn closes_connections_above_the_limit_at_once() {
    let program = Program::start(&[("WORKER_MAX_CONNECTIONS", "4")]);
    // The connections of both endpoints count toward the limit.
    let client = program.client().await;
    assert_eq!(outcome_text(&client.rpc("echo", "1").await.unwrap()), "1");
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
    // Each endpoint accepts its own connections, so it is not known which ones are accepted first.
    let mut closed = 0;
    let end = Instant::now() + Duration::from_secs(10);
    while closed < 4 && Instant::now() < end {
        let mut open = Vec::new();
        for mut stream in held {
            match timeout(Duration::from_millis(100), stream.read(&mut [0])).await {
                // Over gRPC, the SETTINGS frame arrives first.
                Err(_) | Ok(Ok(1..)) => open.push(stream),
                Ok(Ok(0) | Err(_)) => closed += 1,
            }
        }
        held = open;
    }
    assert_eq!((closed, held.len()), (4, 3));
    let log = program.log.wait_for("connection refused: too many open");
    assert!(log.contains("limit=4"), "{log}");
    // Connections within the limit still work.
    assert_eq!(outcome_text(&client.rpc("echo", "2").await.unwrap()), "2");
    // Closing connections makes room for new ones.
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
        assert!(
            Instant::now() < end,
            "no connection was accepted after others were closed"
        );
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
    // The rest appear as a count, at the exit of the program at the latest.
    program.signal(Signal::TERM);
    let log = program.log.wait_for("connections refused: too many open");
    assert!(log.contains("count=499"), "{log}");
}

/// Another thread drives the connection from then on.
#[tokio::test(flavor = "multi_thread")]
async fn counts_a_connection_whose_handler_blocks_its_thread() {
    let program = Program::start_binary(env!("CARGO_BIN_EXE_blocking"), &[("WORKER_MAX_CONNECTIONS", "1")]);
    let address = program.http.unwrap();
    let (path, json) = ("/centrifugo/rpc", Some("application/json"));
    let mut held = HttpConnection::open(address).await;
    held.request(path, json, r#"{"method":"blocks-for","data":500}"#)
        .await;
    let (_, body) = held.response().await;
    assert!(body.contains(r#""code":100"#), "{body}");
    // Longer than the handler blocks.
    sleep(Duration::from_secs(1)).await;
    let mut refused = TcpStream::connect(address).await.unwrap();
    let read = timeout(Duration::from_secs(10), refused.read(&mut [0])).await;
    assert!(matches!(read, Ok(Ok(0) | Err(_))), "{read:?}");
    held.request(path, json, r#"{"method":"echo","data":1}"#).await;
    assert_eq!(held.response().await, (200, r#"{"result":{"data":1}}"#.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_a_limit_that_is_not_a_number() {
    let text = start_error(&[("WORKER_MAX_CONNECTIONS", "many")]);
    assert!(text.contains("WORKER_MAX_CONNECTIONS is `many`"), "{text}");
}

/// The standard library sets a backlog of 128; the kernel drops the rest of a larger burst.
#[tokio::test(flavor = "multi_thread")]
async fn listens_with_the_maximum_backlog_of_the_system() {
    let max = std::fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap();
    let burst = max.trim().parse().unwrap_or(128).min(400);
    let program = Program::start(&[]);
    // The stopped program accepts no connections, so all of them wait in the backlog.
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
    assert_eq!(outcome_text(&client.rpc("echo", "1").await.unwrap()), "1");
}
