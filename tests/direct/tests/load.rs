//! Concurrency limits, handlers that block, and graceful shutdown under load.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use support::http_client::post;
use support::{Client, Program, outcome_text, rpc};
use tokio::task::JoinSet;
use tonic::Request;

const INTERNAL: &str = "error 100: internal server error (temporary)";

#[tokio::test(flavor = "multi_thread")]
async fn counts_no_handler_that_has_ended_against_the_concurrency() {
    let program = Program::start(&[("WORKER_CONCURRENCY", "1"), ("WORKER_HANDLER_TIMEOUT", "1s")]);
    let client = program.client().await;
    for _ in 0..3 {
        assert_eq!(outcome_text(&client.rpc("keep-waker", "1").await.unwrap()), "1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn queues_events_above_the_concurrency_and_then_refuses_them() {
    let program = Program::start(&[("WORKER_CONCURRENCY", "2"), ("WORKER_HANDLER_TIMEOUT", "1s")]);
    let client = program.client().await;
    // Six handlers of 300 ms with a concurrency of 2: two run at once, two start after 300 ms. The last two would start after
    // 600 ms, but an event waits for at most half of its timeout of 1 s.
    let start = Instant::now();
    let calls: Vec<_> = (0..6)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                (
                    outcome_text(&client.rpc("sleep", "300").await.unwrap()),
                    Instant::now(),
                )
            })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        let (text, at) = call.await.unwrap();
        answers.push((text, at - start));
    }
    answers.sort_by_key(|(_, took)| *took);
    let texts: Vec<_> = answers.iter().map(|(text, _)| text.as_str()).collect();
    let refused = "error 111: too many requests (temporary)";
    assert_eq!(
        texts,
        ["300", "300", refused, refused, "300", "300"],
        "{answers:?}"
    );
    for (_, took) in &answers[2..4] {
        assert!(
            *took >= Duration::from_millis(490) && *took < Duration::from_millis(600),
            "{took:?}"
        );
    }
    // An event without a handler does not wait, and the concurrency is available again.
    assert_eq!(
        outcome_text(&client.rpc("nowhere", "1").await.unwrap()),
        "error 104: method not found"
    );
    assert_eq!(outcome_text(&client.rpc("sleep", "1").await.unwrap()), "1");
    // An event also waits for at most half of the caller's deadline.
    let hold: Vec<_> = (0..2)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.rpc("sleep", "800").await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut request = Request::new(rpc("sleep", "1"));
    request.set_timeout(Duration::from_millis(400));
    let start = Instant::now();
    let answer = client.call("RPC", request).await.unwrap();
    assert_eq!(outcome_text(&answer), refused);
    assert!(
        start.elapsed() < Duration::from_millis(300),
        "{:?}",
        start.elapsed()
    );
    for call in hold {
        assert_eq!(outcome_text(&call.await.unwrap().unwrap()), "800");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_a_waiting_handler_as_timed_out_while_others_block() {
    let program = Program::start(&[]);
    let client = program.client().await;
    let call = |method: &'static str, data: &'static str| {
        let client = client.clone();
        tokio::spawn(async move { outcome_text(&client.rpc(method, data).await.unwrap()) })
    };
    for _ in 0..10 {
        let waits = call("hang", "null");
        tokio::time::sleep(Duration::from_millis(50)).await;
        // These calls block all threads until the time limit of `hang` has passed.
        let threads = std::thread::available_parallelism().unwrap().get().max(2);
        let block: Vec<_> = (0..threads * 2).map(|_| call("blocks", "150")).collect();
        assert_eq!(waits.await.unwrap(), INTERNAL);
        for call in block {
            assert_eq!(call.await.unwrap(), "");
        }
    }
    let log = program.log.text();
    assert!(
        log.contains("handler timed out") && !log.contains("blocks its thread"),
        "{log}"
    );
}

/// Calls a handler that blocks for 1500 ms, and checks that the answer comes at its time limit of 100 ms.
async fn assert_is_answered_at_the_limit(client: &Client) {
    let start = Instant::now();
    assert_eq!(
        outcome_text(&client.rpc("never-yields", "1500").await.unwrap()),
        INTERNAL
    );
    let took = start.elapsed();
    assert!(
        took >= Duration::from_millis(100) && took < Duration::from_millis(600),
        "{took:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_at_the_limit_of_a_handler_that_never_yields() {
    let program = Program::start(&[]);
    let client = program.client().await;
    let start = Instant::now();
    assert_is_answered_at_the_limit(&client).await;
    let log = program
        .log
        .wait_for("handler blocks its thread past its time limit");
    assert!(
        log.contains(r#"handler="never_yields""#) && log.contains("count=1"),
        "{log}"
    );
    // Meanwhile the same connection and the HTTP endpoint serve other events.
    assert_eq!(outcome_text(&client.rpc("echo", "1").await.unwrap()), "1");
    let body = r#"{"method":"echo","data":1}"#;
    assert_eq!(post(program.http.unwrap(), "/centrifugo/rpc", body).await.0, 200);
    assert!(
        start.elapsed() < Duration::from_millis(1400),
        "{:?}",
        start.elapsed()
    );
    let log = program.log.wait_for("blocking handler ended");
    assert!(log.contains("count=0"), "{log}");
    // The handler is now known to block and runs on threads of its own, so 16 calls of it delay no other event.
    let many: Vec<_> = (0..16)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { outcome_text(&client.rpc("never-yields", "2000").await.unwrap()) })
        })
        .collect();
    let start = Instant::now();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(outcome_text(&client.rpc("echo", "1").await.unwrap()), "1");
    for call in many {
        assert_eq!(call.await.unwrap(), INTERNAL);
    }
    assert!(
        start.elapsed() < Duration::from_millis(1500),
        "{:?}",
        start.elapsed()
    );
}

/// Calls that are read together start in one task. A handler that blocks the task must not delay the calls behind it.
#[tokio::test]
async fn answers_calls_that_arrived_with_one_that_never_yields() {
    // The program inherits the affinity. With one core it starts all calls in one task.
    let mut one = CpuSet::new();
    let all = sched_getaffinity(None).unwrap();
    one.set((0..CpuSet::MAX_CPU).find(|cpu| all.is_set(*cpu)).unwrap());
    sched_setaffinity(None, &one).unwrap();
    let program = Program::start(&[]);
    sched_setaffinity(None, &all).unwrap();
    let client = program.client().await;
    for _ in 0..300 {
        assert_eq!(outcome_text(&client.rpc("never-yields", "0").await.unwrap()), "");
    }
    let start = Instant::now();
    // This test runs on one thread, so all calls are made before the connection writes the first.
    let mut calls = JoinSet::new();
    for number in 0..80 {
        let client = client.clone();
        calls.spawn(async move {
            if number == 20 {
                assert_eq!(
                    outcome_text(&client.rpc("never-yields", "1500").await.unwrap()),
                    INTERNAL
                );
            } else {
                let number = number.to_string();
                assert_eq!(outcome_text(&client.rpc("echo", &number).await.unwrap()), number);
            }
        });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }
    assert!(
        start.elapsed() < Duration::from_millis(1400),
        "{:?}",
        start.elapsed()
    );
}

/// All threads but one are parked, and the handler blocks the one that is not.
#[tokio::test(flavor = "multi_thread")]
async fn answers_at_the_limit_of_a_blocking_handler_on_an_idle_runtime() {
    let program = Program::start(&[]);
    let client = program.client().await;
    for _ in 0..3 {
        assert_eq!(outcome_text(&client.rpc("sleep", "50").await.unwrap()), "50");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_is_answered_at_the_limit(&client).await;
}

/// Calls `take` from eight clients until the program exits. Returns the numbers that were answered.
async fn call_until_exit(program: &Program) -> BTreeSet<u32> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let client = program.client().await;
        tasks.push(tokio::spawn(async move {
            let mut answered = Vec::new();
            loop {
                let number = NEXT.fetch_add(1, Ordering::Relaxed);
                match client.rpc("take", &number.to_string()).await {
                    Ok(answer) => {
                        assert_eq!(outcome_text(&answer), number.to_string());
                        answered.push(number);
                    }
                    // The call was refused or lost. The notes of the program tell which.
                    Err(_) => return answered,
                }
            }
        }));
    }
    let mut answered = BTreeSet::new();
    for task in tasks {
        answered.extend(task.await.unwrap());
    }
    answered
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_every_started_event_after_a_signal_under_load() {
    let mut program = Program::start(&[]);
    // These two handlers take 400 ms: they start before the signal and end after it.
    let (grpc, http) = (program.client().await, program.http.unwrap());
    let long = tokio::spawn(async move { outcome_text(&grpc.rpc("sleep", "400").await.unwrap()) });
    let long_http =
        tokio::spawn(async move { post(http, "/centrifugo/rpc", r#"{"method":"sleep","data":400}"#).await });
    let (answered, start) = tokio::join!(call_until_exit(&program), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        program.signal(Signal::TERM);
        Instant::now()
    });
    assert_eq!(long.await.unwrap(), "400");
    assert_eq!(
        long_http.await.unwrap(),
        (200, r#"{"result":{"data":400}}"#.into())
    );
    let status = program.wait_for_exit().await;
    assert!(status.success(), "{status}: {}", program.log.text());
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    let notes = program.notes.text();
    let (taken, others): (Vec<_>, Vec<_>) = notes.lines().partition(|line| line.starts_with("taken"));
    assert_eq!(others, ["first", "shutdown", "drop first"]);
    let taken: BTreeSet<u32> = taken
        .iter()
        .map(|line| line["taken ".len()..].parse().unwrap())
        .collect();
    assert!(taken.len() > 30, "{taken:?}");
    assert_eq!(taken, answered, "started, but not answered");
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_on_when_the_other_instance_exits() {
    let (mut first, second) = (Program::start(&[]), Program::start(&[]));
    let ask = async |program: &Program| {
        let client = program.client().await;
        outcome_text(&client.rpc("pid", "null").await.unwrap())
    };
    assert_eq!(ask(&first).await, first.id().to_string());
    assert_eq!(ask(&second).await, second.id().to_string());
    first.signal(Signal::INT);
    assert!(first.wait_for_exit().await.success());
    assert!(first.endpoint("http").connect().await.is_err());
    assert_eq!(ask(&second).await, second.id().to_string());
}
