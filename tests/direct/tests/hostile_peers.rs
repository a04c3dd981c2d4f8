//! Peers that want memory or time of the program, and what they get.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use support::frames::{DATA, END_HEADERS, END_STREAM, Frames, HEADERS, call, frame, repeated};
use support::{Program, rpc, seen};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tonic::Request;
use tonic::metadata::MetadataValue;

const CHECK: &str = "/grpc.health.v1.Health/Check";
const WATCH: &str = "/grpc.health.v1.Health/Watch";
const RPC: &str = "/centrifugal.centrifugo.proxy.CentrifugoProxy/RPC";
const BOTH_WAYS: &str = "/centrifugal.centrifugo.proxy.CentrifugoProxy/SubscribeBidirectional";

const SECRET: &[(&str, &str)] = &[
    ("WORKER_SECRET_KEY", "x-key"),
    ("WORKER_SECRET_VALUE", "s3cret"),
    ("RUST_LOG", "error"),
];
const QUIET: &[(&str, &str)] = &[("RUST_LOG", "error")];

/// A caller in good faith, beside the others. Gives the longest time that an answer took.
fn bystander(program: &Program) -> JoinHandle<Duration> {
    let endpoint = program.endpoint("http");
    tokio::spawn(async move {
        let client = support::Client(endpoint.connect().await.unwrap());
        let mut longest = Duration::ZERO;
        let end = Instant::now() + Duration::from_secs(2);
        while Instant::now() < end {
            let mut request = Request::new(rpc("echo", "1"));
            let secret = MetadataValue::from_static("s3cret");
            request.metadata_mut().insert("x-key", secret);
            let start = Instant::now();
            assert_eq!(seen(&client.call("RPC", request).await.unwrap()), "1");
            longest = longest.max(start.elapsed());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        longest
    })
}

async fn assert_served(bystander: JoinHandle<Duration>, what: &str) {
    let longest = bystander.await.unwrap();
    eprintln!("{what}: others waited {longest:?} at most");
    // The goal is 200 ms. Tests share their cores with others, and the program is not optimized.
    assert!(longest < Duration::from_secs(2), "{what}: {longest:?}");
}

/// Sends these bytes on each new stream of some connections, as far as they are taken.
async fn flood(
    program: &Program,
    connections: usize,
    streams: usize,
    bytes: impl Fn(u32) -> Vec<u8>,
) -> Vec<Frames> {
    let mut all = Vec::new();
    for _ in 0..connections {
        let mut frames = Frames::open(program.grpc.unwrap()).await;
        for _ in 0..streams.div_ceil(100) {
            let mut part = Vec::new();
            for _ in 0..100 {
                part.extend(bytes(frames.stream()));
            }
            if !frames.send(&part).await {
                break;
            }
        }
        all.push(frames);
    }
    all
}

fn open(stream: u32, block: &[u8]) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, stream, block)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_stream_is_reset_before_its_body_comes() {
    let program = Program::start(SECRET);
    let mut frames = Frames::open(program.grpc.unwrap()).await;
    let stream = frames.stream();
    frames.send(&open(stream, &call(RPC))).await;
    let (code, answer) = frames.reset(stream).await;
    // NO_ERROR: the answer is complete.
    assert_eq!(code, 0, "{answer:?}");
    assert!(answer.frames[0].0 == HEADERS && answer.frames[0].1 & END_STREAM != 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn health_checks_whose_message_never_comes() {
    for path in [CHECK, WATCH] {
        let program = Program::start(SECRET);
        let before = program.memory();
        let others = bystander(&program);
        let flood = flood(&program, 13, 5_000, |stream| open(stream, &call(path))).await;
        assert_served(others, path).await;
        before.assert_bounded(&program, path);
        drop(flood);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_that_are_repeated_in_one_byte_each() {
    for (path, count) in [(CHECK, 7_000), (RPC, 7_000), (CHECK, 1_700), (RPC, 1_700)] {
        let what = format!("{path} with {count} headers");
        let program = Program::start(SECRET);
        let before = program.memory();
        let others = bystander(&program);
        let block = [call(path), repeated(count)].concat();
        let flood = flood(&program, 10, 1_000, |stream| open(stream, &block)).await;
        assert_served(others, &what).await;
        before.assert_bounded(&program, &what);
        drop(flood);
    }
}

/// A block that never ends is held, as far as it was decoded.
#[tokio::test(flavor = "multi_thread")]
async fn header_blocks_that_never_end() {
    let program = Program::start(SECRET);
    let before = program.memory();
    let others = bystander(&program);
    let block = [call(CHECK), repeated(1_700)].concat();
    let mut held = Vec::new();
    for _ in 0..400 {
        let mut frames = Frames::open(program.grpc.unwrap()).await;
        let stream = frames.stream();
        frames.send(&frame(HEADERS, 0, stream, &block)).await;
        held.push(frames);
    }
    assert_served(others, "open header blocks").await;
    before.assert_bounded(&program, "open header blocks");
}

#[tokio::test(flavor = "multi_thread")]
async fn message_lengths_that_are_declared_and_never_come() {
    // The address space too: what is only reserved counts there.
    for (path, env) in [(CHECK, SECRET), (RPC, SECRET), (RPC, QUIET), (BOTH_WAYS, QUIET)] {
        let mut program = Program::start(env);
        let space = program.address_space();
        let before = program.memory();
        let others = bystander(&program);
        let flood = flood(&program, 1, 1_000, |stream| {
            let prefix = [&[0][..], &(60_u32 << 20).to_be_bytes(), b"x"].concat();
            [open(stream, &call(path)), frame(DATA, 0, stream, &prefix)].concat()
        })
        .await;
        assert_served(others, path).await;
        before.assert_bounded(&program, path);
        let grown = program.address_space().saturating_sub(space);
        eprintln!("{path}: {grown} kB of address space");
        assert!(grown < 1 << 20, "{path}: {grown} kB");
        assert!(program.is_running());
        drop(flood);
    }
}

/// Where there is no secret, any peer may have its streams, but not for long.
#[tokio::test(flavor = "multi_thread")]
async fn calls_whose_message_never_comes_end() {
    let program = Program::start(QUIET);
    let before = program.memory();
    let mut flood = flood(&program, 1, 12_000, |stream| open(stream, &call(RPC))).await;
    let frames = flood.pop().unwrap();
    for stream in [1, 19_001] {
        let (code, answer) = frames.reset(stream).await;
        assert_eq!(code, 0, "{answer:?}");
    }
    before.assert_bounded(&program, "calls without a message");
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_calls_of_peers_that_never_read() {
    let program = Program::start(SECRET);
    let before = program.memory();
    let others = bystander(&program);
    let mut held = Vec::new();
    for _ in 0..20 {
        let mut frames = Frames::open_silent(program.grpc.unwrap()).await;
        for _ in 0..50 {
            let part: Vec<u8> = (0..200).flat_map(|_| open(frames.stream(), &call(RPC))).collect();
            if !frames.send(&part).await {
                break;
            }
        }
        held.push(frames);
    }
    assert_served(others, "peers that never read").await;
    before.assert_bounded(&program, "peers that never read");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_say_nothing() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    setrlimit(Resource::Nofile, raised).unwrap();
    // This process has their other ends.
    if raised.current.is_some_and(|current| current < 6_000) {
        eprintln!("skipped: too few descriptors");
        return;
    }
    let program = Program::start(SECRET);
    let before = program.memory();
    let others = bystander(&program);
    let mut held = Vec::new();
    for _ in 0..2_500 {
        held.push(TcpStream::connect(program.grpc.unwrap()).await.unwrap());
    }
    assert_served(others, "silent connections").await;
    before.assert_bounded(&program, "silent connections");
    drop(held);
    let mut held = Vec::new();
    for _ in 0..2_500 {
        let stream = TcpStream::connect(program.grpc.unwrap()).await.unwrap();
        let preface = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &frame(4, 0, 0, &[])[..]].concat();
        let _ = stream.try_write(&preface);
        held.push(stream);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    before.assert_bounded(&program, "connections with a preface alone");
}
