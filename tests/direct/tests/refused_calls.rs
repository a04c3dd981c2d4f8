//! Calls that are refused by their headers, or for what does not come after them.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use bytes::Bytes;
use centrifugo::proto::proxy::RpcResponse;
use http::Method;
use support::frames::{END_HEADERS, Frames, HEADERS, call, frame};
use support::h2::{Call, Connection};
use support::{Program, rpc, seen};
use tokio::task::JoinSet;
use tonic::metadata::MetadataValue;
use tonic::{Code, Request};

const CHECK: &str = "/grpc.health.v1.Health/Check";
const WATCH: &str = "/grpc.health.v1.Health/Watch";
const RPC: &str = "/centrifugal.centrifugo.proxy.CentrifugoProxy/RPC";

const RESOURCE_EXHAUSTED: Option<&str> = Some("8");
const DEADLINE_EXCEEDED: Option<&str> = Some("4");

#[tokio::test(flavor = "multi_thread")]
async fn refuses_too_many_headers() {
    let program = Program::start(&[]);
    let mut connection = Connection::open(program.grpc.unwrap()).await;
    for path in [RPC, CHECK] {
        let answer = connection.call(Call::new(path).many_headers(300)).await;
        assert_eq!(answer.grpc_status.as_deref(), RESOURCE_EXHAUSTED, "{answer:?}");
        assert!(
            answer.message.contains("301 headers; the limit is 256"),
            "{answer:?}"
        );
    }
    // By their bytes: the library answers with the status of HTTP.
    let mut call = Call::new(RPC);
    call.headers.push(("x-long".into(), "v".repeat(70_000)));
    assert_eq!(connection.call(call).await.status, 431);
    // What a client's browser sends fits.
    let mut call = Call::new(RPC).many_headers(200);
    call.headers.push(("cookie".into(), "v".repeat(32_000)));
    call.body = Bytes::from_static(&[0, 0, 0, 0, 1, 0xff]);
    let answer = connection.call(call).await;
    assert_ne!(answer.grpc_status.as_deref(), RESOURCE_EXHAUSTED, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_what_is_not_grpc() {
    let program = Program::start(&[]);
    let mut connection = Connection::open(program.grpc.unwrap()).await;
    for path in [RPC, CHECK] {
        for content_type in [
            "text/plain",
            "application/json",
            "application/grpc-web",
            "application/grpc+json",
        ] {
            let mut call = Call::new(path);
            call.headers[0].1 = content_type.into();
            let answer = connection.call(call).await;
            assert_eq!((answer.status, answer.grpc_status), (415, None), "{content_type}");
        }
        let mut call = Call::new(path);
        call.method = Method::PUT;
        assert_eq!(connection.call(call).await.status, 405);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_the_time_that_a_message_has_to_arrive() {
    let program = Program::start(&[]);
    let start = Instant::now();
    let mut calls = JoinSet::new();
    // None of it, and half of it.
    for body in [&b""[..], &[0, 0, 0, 0, 9, 1]] {
        let mut connection = Connection::open(program.grpc.unwrap()).await;
        let mut call = Call::new(RPC);
        call.body = Bytes::from_static(body);
        calls.spawn(async move { connection.call(call).await });
    }
    for answer in calls.join_all().await {
        assert_eq!(answer.grpc_status.as_deref(), DEADLINE_EXCEEDED, "{answer:?}");
        assert!(answer.message.contains("took too long to arrive"), "{answer:?}");
    }
    assert!(
        start.elapsed() >= Duration::from_millis(9_900),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_a_long_message_before_it_comes() {
    let program = Program::start(&[("WORKER_MAX_FRAME_LEN", "1000")]);
    let mut connection = Connection::open(program.grpc.unwrap()).await;
    for (path, limit) in [(RPC, "1000 bytes"), (CHECK, "256 bytes"), (WATCH, "256 bytes")] {
        let mut call = Call::new(path);
        call.body = Bytes::from_static(&[0, 0, 1, 0, 0]);
        let answer = connection.call(call).await;
        assert_eq!(answer.grpc_status.as_deref(), RESOURCE_EXHAUSTED, "{answer:?}");
        assert!(answer.message.contains(limit), "{answer:?}");
    }
}

/// 30 kB that would become 30 MB.
#[tokio::test(flavor = "multi_thread")]
async fn refuses_a_message_that_is_too_long_once_decompressed() {
    let program = Program::start(&[("WORKER_MAX_FRAME_LEN", "1000000"), ("RUST_LOG", "error")]);
    let client = program.client().await;
    let before = program.memory();
    for _ in 0..20 {
        let mut request = Request::new(rpc("echo", &" ".repeat(30_000_000)));
        request
            .metadata_mut()
            .insert("x-gzip", MetadataValue::from_static("1"));
        let status = client.call::<_, RpcResponse>("RPC", request).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
    }
    before.assert_bounded(&program, "bombs of gzip");
    let mut request = Request::new(rpc("echo", "1"));
    request
        .metadata_mut()
        .insert("x-gzip", MetadataValue::from_static("1"));
    assert_eq!(seen(&client.call("RPC", request).await.unwrap()), "1");
}

/// Few at once, each for a short time.
#[tokio::test(flavor = "multi_thread")]
async fn limits_the_health_checks_of_a_connection() {
    let program = Program::start(&[]);
    let mut frames = Frames::open(program.grpc.unwrap()).await;
    let streams: Vec<_> = (0..9).map(|_| frames.stream()).collect();
    for stream in &streams {
        frames
            .send(&frame(HEADERS, END_HEADERS, *stream, &call(WATCH)))
            .await;
    }
    // The ninth is refused at once, the others when their message has not come.
    let start = Instant::now();
    assert_eq!(frames.reset(streams[8]).await.0, 0);
    assert!(!frames.has_answer(streams[0]));
    assert_eq!(frames.reset(streams[0]).await.0, 0);
    assert!(
        start.elapsed() >= Duration::from_millis(1_500),
        "{:?}",
        start.elapsed()
    );
    // Their places are free again, and other connections were not concerned.
    for _ in 0..2 {
        let mut connection = Connection::open(program.grpc.unwrap()).await;
        let answer = connection.call(Call::new(CHECK)).await;
        assert_eq!(answer.grpc_status.as_deref(), DEADLINE_EXCEEDED, "{answer:?}");
    }
}
