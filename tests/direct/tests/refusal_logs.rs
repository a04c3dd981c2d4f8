//! Log lines about refused calls, and a log reader that stops reading.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use support::http_client::send;
use support::{Client, Program, command, rpc, wait_for_exit};
use test_support::Log;
use tonic::metadata::MetadataValue;
use tonic::transport::Endpoint;
use tonic::{Code, Request};

const SECRET: &[(&str, &str)] = &[
    ("WORKER_SECRET_KEY", "x-backend-key"),
    ("WORKER_SECRET_VALUE", "correct-horse"),
];

/// Makes calls without the secret or with a wrong one, and checks that each is refused. A connection makes 250 of them,
/// because the server closes a connection after 256 refused calls in a row.
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
async fn logs_many_refused_calls_as_a_few_lines_and_a_count() {
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
    assert!(program.wait_for_exit().await.success());
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
async fn logs_the_count_without_another_refusal() {
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
struct PipedProgram {
    child: Child,
    notes: Log,
    stderr: BufReader<std::process::ChildStderr>,
    endpoint: Endpoint,
    client: Client,
}

impl PipedProgram {
    async fn start(env: &[(&str, &str)]) -> Self {
        let notes = Log::new("notes");
        let mut command = command(env);
        command.env("NOTES", notes.path()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("centrifugo: gRPC on ").unwrap();
        let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
        let client = Client(endpoint.connect().await.unwrap());
        Self {
            child,
            notes,
            stderr,
            endpoint,
            client,
        }
    }

    /// Sends SIGTERM. Returns whether the program exits successfully.
    async fn terminate(&mut self) -> bool {
        kill_process(Pid::from_raw(self.child.id() as i32).unwrap(), Signal::TERM).unwrap();
        wait_for_exit(&mut self.child).await.success()
    }
}

impl Drop for PipedProgram {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes calls that each log a line of more than 200 bytes, so that they fill the pipe, which holds 64 KiB.
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
async fn answers_calls_while_nobody_reads_the_log() {
    let mut program = PipedProgram::start(&[SECRET, &[("RUST_LOG", "trace")]].concat()).await;
    // At level `trace`, the connection writes many lines for each call.
    let calls = refused_calls(&program.endpoint, 10_000, None);
    let ended = tokio::time::timeout(Duration::from_secs(120), calls).await;
    assert!(ended.is_ok(), "calls are not answered");
    assert!(program.terminate().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn exits_after_a_failed_shutdown_while_nobody_reads_the_log() {
    let mut program = PipedProgram::start(&[]).await;
    failing_calls(&program.client, 2_000).await;
    let client = program.client.clone();
    let hangs = tokio::spawn(async move { client.rpc("blocks", "60000").await });
    program.notes.wait_for("blocks started");
    assert!(!program.terminate().await);
    hangs.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_the_number_of_dropped_lines_once_the_log_is_read_again() {
    let mut program = PipedProgram::start(&[]).await;
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
