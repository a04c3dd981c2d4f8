//! Calls that are refused because of their headers, or because their message does not arrive in time.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use bytes::Bytes;
use centrifugo::proto::proxy::RpcResponse;
use http::Method;
use support::frame_client::{END_HEADERS, FrameClient, HEADERS, call_headers, frame};
use support::h2_client::{H2Call, H2Connection};
use support::{Program, outcome_text, rpc};
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
    let mut connection = H2Connection::open(program.grpc.unwrap()).await;
    for path in [RPC, CHECK] {
        let answer = connection.call(H2Call::new(path).with_many_headers(300)).await;
        assert_eq!(answer.grpc_status.as_deref(), RESOURCE_EXHAUSTED, "{answer:?}");
        assert!(
            answer.message.contains("301 headers; the limit is 256"),
            "{answer:?}"
        );
    }
    // hyper limits the total size of headers and answers with an HTTP status.
    let mut call = H2Call::new(RPC);
    call.headers.push(("x-long".into(), "v".repeat(70_000)));
    assert_eq!(connection.call(call).await.status, 431);
    // Headers as a browser sends them are accepted.
    let mut call = H2Call::new(RPC).with_many_headers(200);
    call.headers.push(("cookie".into(), "v".repeat(32_000)));
    call.body = Bytes::from_static(&[0, 0, 0, 0, 1, 0xff]);
    let answer = connection.call(call).await;
    assert_ne!(answer.grpc_status.as_deref(), RESOURCE_EXHAUSTED, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_requests_that_are_not_grpc() {
    let program = Program::start(&[]);
    let mut connection = H2Connection::open(program.grpc.unwrap()).await;
    for path in [RPC, CHECK] {
        for content_type in [
            "text/plain",
            "application/json",
            "application/grpc-web",
            "application/grpc+json",
        ] {
            let mut call = H2Call::new(path);
            call.headers[0].1 = content_type.into();
            let answer = connection.call(call).await;
            assert_eq!((answer.status, answer.grpc_status), (415, None), "{content_type}");
        }
        let mut call = H2Call::new(path);
        call.method = Method::PUT;
        assert_eq!(connection.call(call).await.status, 405);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_a_message_that_does_not_arrive_in_time() {
    let program = Program::start(&[]);
    let start = Instant::now();
    let mut calls = JoinSet::new();
    // No byte of the message, and half of it.
    for body in [&b""[..], &[0, 0, 0, 0, 9, 1]] {
        let mut connection = H2Connection::open(program.grpc.unwrap()).await;
        let mut call = H2Call::new(RPC);
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
async fn refuses_a_long_message_before_it_arrives() {
    let program = Program::start(&[("WORKER_MAX_FRAME_LEN", "1000")]);
    let mut connection = H2Connection::open(program.grpc.unwrap()).await;
    for (path, limit) in [(RPC, "1000 bytes"), (CHECK, "256 bytes"), (WATCH, "256 bytes")] {
        let mut call = H2Call::new(path);
        call.body = Bytes::from_static(&[0, 0, 1, 0, 0]);
        let answer = connection.call(call).await;
        assert_eq!(answer.grpc_status.as_deref(), RESOURCE_EXHAUSTED, "{answer:?}");
        assert!(answer.message.contains(limit), "{answer:?}");
    }
}

/// Sends 30 kB that decompress to 30 MB.
#[tokio::test(flavor = "multi_thread")]
async fn refuses_a_message_above_the_limit_when_decompressed() {
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
    before.assert_bounded(&program, "gzip bombs");
    let mut request = Request::new(rpc("echo", "1"));
    request
        .metadata_mut()
        .insert("x-gzip", MetadataValue::from_static("1"));
    assert_eq!(outcome_text(&client.call("RPC", request).await.unwrap()), "1");
}

/// A connection may have 8 health checks at once, each for a limited time.
#[tokio::test(flavor = "multi_thread")]
async fn limits_the_health_checks_of_a_connection() {
    let program = Program::start(&[]);
    let mut frames = FrameClient::open(program.grpc.unwrap()).await;
    let streams: Vec<_> = (0..9).map(|_| frames.next_stream_id()).collect();
    for stream in &streams {
        frames
            .send(&frame(HEADERS, END_HEADERS, *stream, &call_headers(WATCH)))
            .await;
    }
    // The ninth is refused at once, the others when their message has not arrived in time.
    let start = Instant::now();
    assert_eq!(frames.wait_for_reset(streams[8]).await.0, 0);
    assert!(!frames.has_frames(streams[0]));
    assert_eq!(frames.wait_for_reset(streams[0]).await.0, 0);
    assert!(
        start.elapsed() >= Duration::from_millis(1_500),
        "{:?}",
        start.elapsed()
    );
    // The limit applies to one connection only.
    for _ in 0..2 {
        let mut connection = H2Connection::open(program.grpc.unwrap()).await;
        let answer = connection.call(H2Call::new(CHECK)).await;
        assert_eq!(answer.grpc_status.as_deref(), DEADLINE_EXCEEDED, "{answer:?}");
    }
}
