//! Other events, health checks and connections are served while handlers block their threads.
//!
//! Run with `--nocapture` to see how long other events waited.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]
#![allow(clippy::print_stdout, reason = "prints the measured times")]

mod support;

use std::time::{Duration, Instant};

use centrifugo::proto::proxy::RpcResponse;
use rustix::process::Signal;
use support::http_client::post;
use support::{Client, Program, outcome_text, rpc};
use test_support::Log;
use tokio::task::JoinSet;
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

const INTERNAL: &str = "error 100: internal server error (temporary)";
const TOO_MANY: &str = "error 111: too many requests (temporary)";
/// The longest time in which an answer at the time limit of 200 ms may arrive on a loaded machine.
const LATEST: Duration = Duration::from_millis(1200);

fn program(env: &[(&str, &str)]) -> Program {
    Program::start_binary(env!("CARGO_BIN_EXE_blocking"), env)
}

/// Starts `count` calls of a method. Each task returns the outcome and the elapsed time.
fn calls(client: &Client, method: &'static str, count: usize) -> JoinSet<(String, Duration)> {
    let mut calls = JoinSet::new();
    for _ in 0..count {
        let client = client.clone();
        calls.spawn(async move {
            let start = Instant::now();
            let answer = client.rpc(method, "null").await.unwrap();
            (outcome_text(&answer), start.elapsed())
        });
    }
    calls
}

/// Sends events, health checks and new connections for the given time. Returns the longest wait.
async fn longest_wait_of_others(program: &Program, client: &Client, time: Duration) -> Duration {
    let end = Instant::now() + time;
    let mut worst = Duration::ZERO;
    let mut number = 0;
    while Instant::now() < end {
        let mut timed = [Duration::ZERO; 5];
        let mut start = Instant::now();
        let mut lap = |place: usize| {
            timed[place] = start.elapsed();
            start = Instant::now();
        };
        number += 1;
        let text = number.to_string();
        assert_eq!(outcome_text(&client.rpc("echo", &text).await.unwrap()), text);
        lap(0);
        assert_eq!(outcome_text(&client.rpc("waits", "1").await.unwrap()), "1");
        lap(1);
        let health = HealthClient::new(client.0.clone())
            .check(HealthCheckRequest::default())
            .await;
        assert_eq!(health.unwrap().into_inner().status, 1);
        lap(2);
        let fresh = program.client().await;
        assert_eq!(outcome_text(&fresh.rpc("echo", "2").await.unwrap()), "2");
        lap(3);
        let body = r#"{"method":"echo","data":3}"#;
        assert_eq!(post(program.http.unwrap(), "/centrifugo/rpc", body).await.0, 200);
        lap(4);
        worst = worst.max(*timed.iter().max().unwrap());
    }
    worst
}

async fn assert_others_are_answered(
    method: &'static str,
    count: usize,
    env: &[(&str, &str)],
    max_wait: Duration,
) {
    let mut program = program(env);
    let client = program.client().await;
    assert_eq!(outcome_text(&client.rpc("echo", "1").await.unwrap()), "1");
    let mut blocked = calls(&client, method, count);
    let worst = longest_wait_of_others(&program, &client, Duration::from_millis(600)).await;
    let mut slowest = Duration::ZERO;
    while let Some(call) = blocked.join_next().await {
        let (text, took) = call.unwrap();
        assert_eq!(text, INTERNAL);
        slowest = slowest.max(took);
    }
    println!(
        "{count} `{method}` {env:?}: others waited {worst:?} at most; the slowest answer took {slowest:?}"
    );
    assert!(slowest >= Duration::from_millis(190), "{slowest:?}");
    assert!(slowest < max_wait && worst < max_wait, "{slowest:?} {worst:?}");
    let log = program.log.wait_for(&format!("count={count}\n"));
    assert_eq!(
        log.matches("handler blocks its thread past its time limit")
            .count(),
        count
    );
    assert!(
        log.contains("limit=200ms") && log.contains(r#"client="c1""#),
        "{log}"
    );
    program.signal(Signal::TERM);
    let start = Instant::now();
    assert!(program.wait_for_exit().await.success(), "{}", program.log.text());
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    let log = program.log.text();
    assert!(
        log.contains("states are not dropped") && !log.contains("\ndropped"),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_others_while_handlers_block_forever() {
    for count in [1, 2, 20, 256] {
        assert_others_are_answered("blocks", count, &[], LATEST).await;
    }
    for method in ["blocks-later", "known-to-block", "scoped-blocks"] {
        assert_others_are_answered(method, 20, &[], LATEST).await;
    }
    assert_others_are_answered("layer-blocks", 20, &[("LAYER", "1")], LATEST).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_others_on_a_runtime_of_the_program() {
    for runtime in ["current_thread", "multi_thread"] {
        assert_others_are_answered("blocks", 20, &[("RUNTIME", runtime)], LATEST).await;
        assert_others_are_answered("known-to-block", 2, &[("RUNTIME", runtime)], LATEST).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_others_while_handlers_spin() {
    for count in [1, 8] {
        assert_others_are_answered("spins", count, &[], LATEST * 5).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_at_the_limit_when_a_fast_handler_starts_to_block() {
    let program = program(&[]);
    let client = program.client().await;
    for _ in 0..150 {
        assert_eq!(outcome_text(&client.rpc("blocks-for", "0").await.unwrap()), "");
    }
    let start = Instant::now();
    let answer = client.rpc("blocks-for", "5000").await.unwrap();
    let took = start.elapsed();
    assert_eq!(outcome_text(&answer), INTERNAL);
    println!("answered after {took:?}");
    assert!(took >= Duration::from_millis(190) && took < LATEST, "{took:?}");
    // The log reports the handler while it still runs.
    let log = program.log.wait_for("handler blocks its thread");
    assert!(log.contains(r#"handler="blocks_for""#), "{log}");
    assert!(start.elapsed() < Duration::from_secs(4));
    program.log.wait_for("blocking handler ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_at_the_deadline_of_the_caller_when_a_handler_blocks() {
    let program = program(&[]);
    let client = program.client().await;
    for _ in 0..150 {
        client.rpc("blocks-for", "0").await.unwrap();
    }
    let mut request = Request::new(rpc("blocks-for", "3000"));
    request.set_timeout(Duration::from_millis(150));
    let start = Instant::now();
    match client.call::<_, RpcResponse>("RPC", request).await {
        // The program answers shortly before the deadline, but the client may time out first.
        Ok(answer) => assert_eq!(outcome_text(&answer), INTERNAL),
        Err(status) => assert!(
            matches!(status.code(), Code::Cancelled | Code::DeadlineExceeded),
            "{status}"
        ),
    }
    assert!(start.elapsed() < LATEST, "{:?}", start.elapsed());
    let log = program.log.wait_for("handler blocks its thread");
    assert!(
        log.contains("the caller's deadline") && !log.contains("limit=200ms"),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_events_with_a_temporary_error_when_all_threads_are_blocked() {
    // One `blocks` more than the pool has threads may start, on an I/O thread. A handler that is declared `blocking` never does.
    for (method, most) in [("blocks", 9), ("known-to-block", 8)] {
        let program = program(&[("WORKER_MAX_BLOCKED_HANDLERS", "8")]);
        let client = program.client().await;
        let mut blocked = calls(&client, method, 40);
        let mut texts = Vec::new();
        while let Some(call) = blocked.join_next().await {
            texts.push(call.unwrap().0);
        }
        let count = |text: &str| texts.iter().filter(|outcome| *outcome == text).count();
        assert!((8..=most).contains(&count(INTERNAL)), "{method}: {texts:?}");
        assert_eq!(count(INTERNAL) + count(TOO_MANY), 40, "{method}: {texts:?}");
        assert_eq!(
            outcome_text(&client.rpc("known-to-block", "null").await.unwrap()),
            TOO_MANY
        );
        let log = program.log.wait_for("all handler threads are blocked");
        assert!(log.contains("threads=8"), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reuses_a_blocked_thread_when_its_handler_ends() {
    let program = program(&[("WORKER_MAX_BLOCKED_HANDLERS", "2")]);
    let client = program.client().await;
    let mut blocked = JoinSet::new();
    for _ in 0..10 {
        let client = client.clone();
        blocked.spawn(async move { outcome_text(&client.rpc("blocks-for", "1000").await.unwrap()) });
    }
    blocked.join_all().await;
    program.log.wait_for("all handler threads are blocked");
    program.log.wait_for("accepting events");
    assert_eq!(outcome_text(&client.rpc("waits", "1").await.unwrap()), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_the_number_of_unfinished_events_at_shutdown() {
    for runtime in ["", "current_thread"] {
        let mut program = program(&[("RUNTIME", runtime)]);
        let client = program.client().await;
        let mut blocked = JoinSet::new();
        for _ in 0..20 {
            let client = client.clone();
            blocked.spawn(async move { client.rpc("blocks-long", "null").await });
        }
        program.log.wait_for_count("blocks-long started", 20);
        program.signal(Signal::TERM);
        let start = Instant::now();
        assert!(!program.wait_for_exit().await.success());
        assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
        let log = program.log.text();
        assert!(log.contains("20 events did not end in time"), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_events_that_wait_for_their_turn_at_shutdown() {
    let mut program = program(&[("WORKER_CONCURRENCY", "1")]);
    let client = program.client().await;
    let mut calls = calls(&client, "blocks-long", 3);
    program.log.wait_for("blocks-long started");
    program.signal(Signal::TERM);
    while let Some(call) = calls.join_next().await {
        assert_eq!(call.unwrap().0, INTERNAL);
    }
    assert!(!program.wait_for_exit().await.success());
    let log = program.log.text();
    assert_eq!(log.matches("blocks-long started").count(), 1, "{log}");
    assert!(log.contains("3 events did not end in time"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_others_while_streams_block() {
    let mut program = program(&[]);
    let client = program.client().await;
    let mut decisions = JoinSet::new();
    let mut streams = Vec::new();
    for _ in 0..4 {
        let client = client.clone();
        decisions.spawn(async move { client.open_one_way("handler-blocks").await.err().unwrap().code() });
    }
    for _ in 0..4 {
        let mut stream = client.open_one_way("blocks").await.unwrap();
        // Items that are ready are sent before the stream blocks.
        assert_eq!(stream.next().await.unwrap().as_deref(), Some("0"));
        streams.push(stream);
    }
    let worst = longest_wait_of_others(&program, &client, Duration::from_millis(600)).await;
    println!("streams that block: others waited {worst:?} at most");
    assert!(worst < LATEST, "{worst:?}");
    for code in decisions.join_all().await {
        assert_eq!(code, Code::Internal);
    }
    let log = program.log.wait_for("count=8\n");
    assert!(
        log.contains(r#"handler="stream_blocks""#) && log.contains(r#"handler="stream_handler_blocks""#),
        "{log}"
    );
    program.signal(Signal::TERM);
    let start = Instant::now();
    assert!(program.wait_for_exit().await.success(), "{}", program.log.text());
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    for mut stream in streams {
        assert_eq!(stream.next().await.unwrap_err().code(), Code::Unavailable);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_others_while_streams_are_always_ready() {
    for microseconds in [20, 1000, 5000] {
        let mut program = program(&[]);
        let client = program.client().await;
        let channel = format!("spins:{microseconds}");
        let mut readers = JoinSet::new();
        for _ in 0..2 {
            let start = Instant::now();
            let mut stream = client.open_one_way(&channel).await.unwrap();
            println!("{channel}: the stream opened after {:?}", start.elapsed());
            assert!(start.elapsed() < LATEST, "{:?}", start.elapsed());
            readers.spawn(async move {
                let mut next = 0;
                let status = loop {
                    match stream.next().await {
                        Ok(number) => assert_eq!(number.unwrap(), next.to_string()),
                        Err(status) => break status,
                    }
                    next += 1;
                };
                (next, status)
            });
        }
        let worst = longest_wait_of_others(&program, &client, Duration::from_millis(600)).await;
        println!("{channel}: others waited {worst:?} at most");
        assert!(worst < LATEST, "{worst:?}");
        program.signal(Signal::TERM);
        let start = Instant::now();
        assert!(program.wait_for_exit().await.success(), "{}", program.log.text());
        assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
        for (count, status) in readers.join_all().await {
            assert!(count > 10, "{count}");
            assert_eq!(status.code(), Code::Unavailable);
        }
    }
}

/// Dropping the client ends the stream, even though the stream always has another item.
#[tokio::test(flavor = "multi_thread")]
async fn ends_an_always_ready_stream_when_its_client_disconnects() {
    let program = program(&[]);
    let client = program.client().await;
    let stream = client.open_one_way("spins:200").await.unwrap();
    drop((stream, client));
    let cpu_time = |program: &Program| {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", program.id())).unwrap();
        let fields: Vec<_> = stat.rsplit(") ").next().unwrap().split(' ').collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    };
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let before = cpu_time(&program);
        tokio::time::sleep(Duration::from_millis(300)).await;
        // In clock ticks of 10 ms.
        if cpu_time(&program) - before < 10 {
            return;
        }
        assert!(Instant::now() < end, "the stream still runs");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_others_while_invalid_functions_and_drops_block() {
    let mut program = program(&[]);
    let client = program.client().await;
    for _ in 0..4 {
        let status = client.call::<_, RpcResponse>("RPC", Request::new(InvalidMessage(vec![0xff; 3])));
        assert_eq!(status.await.unwrap_err().code(), Code::InvalidArgument);
    }
    let mut dropped = calls(&client, "drop-blocks", 4);
    while let Some(call) = dropped.join_next().await {
        assert_eq!(call.unwrap().0, INTERNAL);
    }
    let worst = longest_wait_of_others(&program, &client, Duration::from_millis(600)).await;
    println!("invalid functions and drops that block: others waited {worst:?} at most");
    assert!(worst < LATEST, "{worst:?}");
    let log = program.log.wait_for("count=8\n");
    assert!(
        log.contains(r##"handler="#[invalid]""##) && log.contains(r#"handler="drop_blocks""#),
        "{log}"
    );
    program.signal(Signal::TERM);
    let start = Instant::now();
    assert!(program.wait_for_exit().await.success(), "{}", program.log.text());
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
}

/// A message whose encoding is not valid protobuf.
#[derive(Debug, Default, Clone, PartialEq)]
struct InvalidMessage(Vec<u8>);

impl prost::Message for InvalidMessage {
    fn encode_raw(&self, buf: &mut impl bytes::BufMut) {
        buf.put_slice(&self.0);
    }

    fn merge_field(
        &mut self,
        _: u32,
        _: prost::encoding::WireType,
        _: &mut impl bytes::Buf,
        _: prost::encoding::DecodeContext,
    ) -> Result<(), prost::DecodeError> {
        Ok(())
    }

    fn encoded_len(&self) -> usize {
        self.0.len()
    }

    fn clear(&mut self) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn drops_states_in_order_or_not_at_all() {
    for (env, has_dropped) in [
        (&[][..], true),
        (&[("SHUTDOWN_BLOCKS", "1")], false),
        (&[("DROP_BLOCKS", "upper")], false),
    ] {
        let mut program = program(env);
        program.signal(Signal::TERM);
        let start = Instant::now();
        assert!(program.wait_for_exit().await.success(), "{}", program.log.text());
        assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
        let log = program.log.text();
        assert_eq!(
            log.contains("\ndropped upper\ndropped lower\n"),
            has_dropped,
            "{env:?}: {log}"
        );
        if !has_dropped {
            assert!(
                !log.contains("\ndropped") && log.contains("states"),
                "{env:?}: {log}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_connections_until_the_states_are_built() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let log = Log::new("stderr");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_blocking"));
    let mut child = command
        .env("WORKER_LISTEN", address.to_string())
        .env("LOWER_TAKES_MS", "1000")
        .stderr(log.create())
        .spawn()
        .unwrap();
    log.wait_for("building lower");
    let early = std::net::TcpStream::connect(address);
    let end = Instant::now() + Duration::from_secs(10);
    while std::net::TcpStream::connect(address).is_err() {
        assert!(Instant::now() < end, "the program never listens");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        early.is_err(),
        "the program listened before its states were built"
    );
}
