//! What goes wrong in a worker, and what the client and RoadRunner make of it.

use std::time::{Duration, Instant};

use peers::{Client, Setup, Stack};
use serde_json::{Value, json};

const INTERNAL: &str = "error 100 internal server error (temporary)";

fn one_worker() -> Stack {
    Setup::new(env!("CARGO_BIN_EXE_backend")).workers(1).start()
}

async fn pid(client: &Client) -> Value {
    client.rpc("pid", &Value::Null).await.expect("a pid")
}

/// Calls a method that must cost nothing but its answer.
async fn same_worker(method: &str, expected: Result<Value, String>) -> Stack {
    let stack = one_worker();
    let client = Client::user(&stack, "42").await;
    let before = pid(&client).await;
    assert_eq!(client.rpc(method, &Value::Null).await, expected);
    assert_eq!(pid(&client).await, before, "the worker lives on");
    stack
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_panics() {
    let stack = same_worker("panic", Err(INTERNAL.into())).await;
    stack.roadrunner.wait_for_log("a secret of the code");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_hangs_past_its_limit() {
    let stack = same_worker("hang", Err(INTERNAL.into())).await;
    stack.roadrunner.wait_for_log("no reply within the time limit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_blocks_its_thread_past_its_limit() {
    let stack = same_worker("block", Err(INTERNAL.into())).await;
    stack.roadrunner.wait_for_log("no reply within the time limit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_prints() {
    let stack = same_worker("print", Ok(Value::Null)).await;
    stack.roadrunner.wait_for_log("a line on standard output");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_reads_standard_input() {
    same_worker("child", Ok(json!(0))).await;
}

/// Calls a method that costs the worker: the client gets its answer at once, and RoadRunner starts another.
async fn another_worker(method: &str) -> Stack {
    let stack = one_worker();
    let client = Client::user(&stack, "42").await;
    let before = pid(&client).await;
    let start = Instant::now();
    assert_eq!(client.rpc(method, &Value::Null).await, Err(INTERNAL.into()));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_ne!(pid(&client).await, before);
    stack
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_never_yields() {
    let stack = another_worker("never-yields").await;
    stack.roadrunner.wait_for_log("`never_yields` never yielded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_ends_the_process() {
    another_worker("exit").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_killed_while_idle_is_replaced() {
    let stack = one_worker();
    let client = Client::user(&stack, "42").await;
    let before = pid(&client).await;
    let raw = before
        .as_i64()
        .and_then(|pid| i32::try_from(pid).ok())
        .expect("a pid");
    let worker = rustix::process::Pid::from_raw(raw).expect("a pid");
    rustix::process::kill_process(worker, rustix::process::Signal::KILL).expect("a kill");
    let end = Instant::now() + Duration::from_secs(10);
    // RoadRunner may lose the next event to the dead worker; none may be answered wrongly.
    loop {
        match client.rpc("pid", &Value::Null).await {
            Ok(after) => {
                assert_ne!(after, before);
                return;
            }
            Err(error) => assert_eq!(error, INTERNAL),
        }
        assert!(Instant::now() < end);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_ends_by_a_signal_is_replaced_and_loses_nothing() {
    let stack = one_worker();
    let client = Client::user(&stack, "42").await;
    let before = pid(&client).await;
    let raw = before
        .as_i64()
        .and_then(|pid| i32::try_from(pid).ok())
        .expect("a pid");
    let worker = rustix::process::Pid::from_raw(raw).expect("a pid");
    rustix::process::kill_process(worker, rustix::process::Signal::TERM).expect("a signal");
    let end = Instant::now() + Duration::from_secs(10);
    while stack.workers().first().copied() == before.as_u64() || stack.workers().is_empty() {
        assert!(Instant::now() < end, "{:?}", stack.workers());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_ne!(pid(&client).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn roadrunner_that_is_gone_takes_its_workers_along() {
    let mut stack = Setup::new(env!("CARGO_BIN_EXE_backend")).workers(2).start();
    let workers = stack.workers();
    assert_eq!(workers.len(), 2);
    stack.roadrunner.kill();
    let end = Instant::now() + Duration::from_secs(2);
    for pid in workers {
        let path = format!("/proc/{pid}/stat");
        // A zombie has ended: who waits for it is not the worker's affair.
        while std::fs::read_to_string(&path).is_ok_and(|stat| !stat.contains(") Z ")) {
            assert!(Instant::now() < end, "worker {pid} still runs");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_has_had_its_events_is_replaced() {
    let stack = Setup::new(env!("CARGO_BIN_EXE_backend"))
        .workers(2)
        .env("WORKER_MAX_EVENTS", "10")
        .start();
    let client = Client::user(&stack, "42").await;
    let mut pids = std::collections::HashSet::new();
    for _ in 0..60 {
        pids.insert(pid(&client).await.as_u64());
    }
    assert!(pids.len() >= 6, "{pids:?}");
}
