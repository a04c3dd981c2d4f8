//! What the log says of refused calls, and that nobody can stop the program with it.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use support::http::send;
use support::{Client, Program, command, rpc};
use tonic::metadata::MetadataValue;
use tonic::transport::Endpoint;
use tonic::{Code, Request};

const SECRET: &[(&str, &str)] = &[
    ("WORKER_SECRET_KEY", "x-backend-key"),
    ("WORKER_SECRET_VALUE", "correct-horse"),
];

/// Calls without the secret, or with a wrong one, each of which must be refused. A connection takes 250 of them: one with 256
/// refused calls and no other is closed.
async fn refused_calls(endpoint: &Endpoint, count: usize, secret: Option<&'static str>) {
    for _ in 0..count / 250 {
        let client = Client(endpoint.connect().await.unwrap());
        let calls: Vec<_> = (0..250)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move {
                    let mut request = Request::new(rpc("echo", "1"));
                    if let Some(secret) = secret {
                        let value = MetadataValue::from_static(secret);
                        request.metadata_mut().insert("x-backend-key", value);
                    }
                    let answer = client.call::<_, ()>("RPC", request).await;
                    assert_eq!(answer.unwrap_err().code(), Code::Unauthenticated);
                })
            })
            .collect();
        for call in calls {
            call.await.unwrap();
        }
    }
}

fn lines<'a>(log: &'a str, part: &str) -> Vec<&'a str> {
    log.lines().filter(|line| line.contains(part)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_refused_calls_are_a_handful_of_lines_and_a_count() {
    let mut program = Program::start(SECRET);
    let endpoint = program.endpoint("http");
    refused_calls(&endpoint, 5_000, None).await;
    refused_calls(&endpoint, 5_000, Some("guess")).await;
    let path = format!("/centrifugo/rpc?{}", "x".repeat(5_000));
    assert_eq!(
        send(program.http.unwrap(), "POST", &path, &[], b"{}").await.0,
        401
    );

    program.signal(Signal::TERM);
    assert!(program.wait().await.success());
    let log = program.log.text();
    for (reason, count) in [("missing secret", 5_001), ("wrong secret", 5_000)] {
        let first = lines(&log, &format!("call refused: {reason}"));
        assert!((1..=3).contains(&first.len()), "{log}");
        for part in ["WARN", "peer=127.0.0.1:", "CentrifugoProxy/RPC", "x-backend-key"] {
            assert!(first[0].contains(part), "{part} in {}", first[0]);
        }
        let summaries = lines(&log, &format!("calls refused: {reason}"));
        let counted: u64 = summaries
            .iter()
            .map(|line| {
                let (_, rest) = line.split_once("count=").unwrap();
                rest.split(' ').next().unwrap().parse::<u64>().unwrap()
            })
            .sum();
        assert_eq!(counted + first.len() as u64, count, "{log}");
        assert!(
            summaries.iter().all(|line| line.contains("peer=127.0.0.1:")),
            "{log}"
        );
    }
    assert!(log.lines().all(|line| line.len() < 1_000), "{log}");
    assert!(!log.contains("guess") && !log.contains("correct-horse"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_count_comes_without_another_refusal() {
    let program = Program::start(SECRET);
    refused_calls(&program.endpoint("http"), 500, None).await;
    let end = Instant::now() + Duration::from_secs(60);
    while !program.log.text().contains("calls refused: missing secret") {
        assert!(Instant::now() < end, "{}", program.log.text());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let log = program.log.wait_for("count=499");
    assert_eq!(lines(&log, "refused").len(), 2, "{log}");
}

/// A program whose standard error is a pipe.
struct Piped {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
    endpoint: Endpoint,
    client: Client,
}

impl Piped {
    async fn start(env: &[(&str, &str)]) -> Self {
        let mut child = command(env).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("centrifugo: gRPC on ").unwrap();
        let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
        let client = Client(endpoint.connect().await.unwrap());
        Self {
            child,
            stderr,
            endpoint,
            client,
        }
    }

    async fn end(&mut self) -> bool {
        kill_process(Pid::from_raw(self.child.id() as i32).unwrap(), Signal::TERM).unwrap();
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            assert!(Instant::now() < end, "the program does not end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Piped {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The pipe holds 64 KiB, and each of these calls is a line of more than 200 bytes: the reader has stopped long before the
/// last.
async fn failing_calls(client: &Client, count: usize) {
    let tasks = (0..64).map(|task| {
        let client = client.clone();
        tokio::spawn(async move {
            for _ in (task..count).step_by(64) {
                assert!(client.rpc("internal", "1").await.unwrap().error.is_some());
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_the_log_that_has_stopped_stops_nothing() {
    let mut program = Piped::start(&[SECRET, &[("RUST_LOG", "trace")]].concat()).await;
    // With all levels, the connection alone writes many lines for each call.
    let calls = refused_calls(&program.endpoint, 10_000, None);
    let ended = tokio::time::timeout(Duration::from_secs(120), calls).await;
    assert!(ended.is_ok(), "calls are not answered");
    assert!(program.end().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_at_the_end_is_no_reason_to_wait_for_the_reader() {
    let mut program = Piped::start(&[]).await;
    failing_calls(&program.client, 2_000).await;
    let client = program.client.clone();
    let hangs = tokio::spawn(async move { client.rpc("blocks", "60000").await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!program.end().await);
    hangs.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_lines_are_counted_once_the_reader_goes_on() {
    let mut program = Piped::start(&[]).await;
    let count = 10_000;
    failing_calls(&program.client, count).await;
    let mut written = 0;
    let dropped: usize = loop {
        let mut line = String::new();
        assert!(
            program.stderr.read_line(&mut line).unwrap() > 0,
            "no count of dropped lines"
        );
        written += usize::from(line.contains("handler failed"));
        if let Some((count, _)) = line.split_once(" log lines dropped") {
            break count.strip_prefix("centrifugo: ").unwrap().parse().unwrap();
        }
    };
    assert_eq!(written + dropped, count);
}
