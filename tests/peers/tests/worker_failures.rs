//! Failing handlers and workers, as clients and RoadRunner see them.

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

/// Calls a method and checks that the same worker serves on.
async fn assert_same_worker(method: &str, expected: Result<Value, String>) -> Stack {
    let stack = one_worker();
    let client = Client::connect_as(&stack, "42").await;
    let before = pid(&client).await;
    assert_eq!(client.rpc(method, &Value::Null).await, expected);
    assert_eq!(pid(&client).await, before, "the worker was replaced");
    stack
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_on_after_a_panic() {
    let stack = assert_same_worker("panic", Err(INTERNAL.into())).await;
    stack.roadrunner.wait_for_log("a secret of the code");
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_on_after_a_handler_timeout() {
    let stack = assert_same_worker("hang", Err(INTERNAL.into())).await;
    stack.roadrunner.wait_for_log("no reply within ");
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_on_after_a_blocking_handler_timeout() {
    let stack = assert_same_worker("block", Err(INTERNAL.into())).await;
    stack.roadrunner.wait_for_log("no reply within ");
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_on_when_a_handler_prints() {
    let stack = assert_same_worker("print", Ok(Value::Null)).await;
    stack.roadrunner.wait_for_log("a line on standard output");
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_on_when_a_child_reads_standard_input() {
    assert_same_worker("child", Ok(json!(0))).await;
}

/// Calls a method that ends the worker, and checks that the client gets an answer at once and RoadRunner starts another.
async fn assert_replaced_worker(method: &str) -> Stack {
    let stack = one_worker();
    let client = Client::connect_as(&stack, "42").await;
    let before = pid(&client).await;
    let start = Instant::now();
    assert_eq!(client.rpc(method, &Value::Null).await, Err(INTERNAL.into()));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_ne!(pid(&client).await, before);
    stack
}

#[tokio::test(flavor = "multi_thread")]
async fn is_replaced_when_a_handler_never_yields() {
    let stack = assert_replaced_worker("never-yields").await;
    stack.roadrunner.wait_for_log("`never_yields` never yielded");
}

#[tokio::test(flavor = "multi_thread")]
async fn is_replaced_when_a_handler_exits_the_process() {
    assert_replaced_worker("exit").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn is_replaced_when_killed_while_idle() {
    let stack = one_worker();
    let client = Client::connect_as(&stack, "42").await;
    let before = pid(&client).await;
    let raw = before
        .as_i64()
        .and_then(|pid| i32::try_from(pid).ok())
        .expect("a pid");
    let worker = rustix::process::Pid::from_raw(raw).expect("a pid");
    rustix::process::kill_process(worker, rustix::process::Signal::KILL).expect("a kill");
    let end = Instant::now() + Duration::from_secs(10);
    // RoadRunner may send the next event to the dead worker, but no event may get a wrong answer.
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
async fn is_replaced_without_a_lost_event_after_a_signal() {
    let stack = one_worker();
    let client = Client::connect_as(&stack, "42").await;
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
async fn exits_when_roadrunner_is_killed() {
    let mut stack = Setup::new(env!("CARGO_BIN_EXE_backend")).workers(2).start();
    let workers = stack.workers();
    assert_eq!(workers.len(), 2);
    stack.roadrunner.kill();
    let end = Instant::now() + Duration::from_secs(2);
    for pid in workers {
        let path = format!("/proc/{pid}/stat");
        // A zombie has exited, even if its parent has not waited for it.
        while std::fs::read_to_string(&path).is_ok_and(|stat| !stat.contains(") Z ")) {
            assert!(Instant::now() < end, "worker {pid} still runs");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn is_replaced_after_the_maximum_of_events() {
    let stack = Setup::new(env!("CARGO_BIN_EXE_backend"))
        .workers(2)
        .env("WORKER_MAX_EVENTS", "10")
        .start();
    let client = Client::connect_as(&stack, "42").await;
    let mut pids = std::collections::HashSet::new();
    for _ in 0..60 {
        pids.insert(pid(&client).await.as_u64());
    }
    assert!(pids.len() >= 6, "{pids:?}");
}

/// RoadRunner itself says `WorkerAllocate: EOF` alone.
#[tokio::test(flavor = "multi_thread")]
async fn shows_why_workers_cannot_start() {
    for (key, value, reason) in [
        ("WORKER_HANDLER_TIMEOUT", "soon", "WORKER_HANDLER_TIMEOUT"),
        ("FAIL_STATE", "the database is away", "the database is away"),
    ] {
        let setup = Setup::new(env!("CARGO_BIN_EXE_backend")).env(key, value);
        let stack = std::panic::catch_unwind(move || setup.start());
        let panic = stack.err().expect("RoadRunner does not start");
        let text = panic.downcast_ref::<String>().expect("a message");
        assert!(text.contains("can't start") && text.contains(reason), "{text}");
    }
}

/// Each line is in one entry of RoadRunner's log, which may hold several lines.
#[tokio::test(flavor = "multi_thread")]
async fn lines_arrive_whole_in_the_log_of_roadrunner() {
    const CALLS: usize = 200;
    let setup = Setup::new(env!("CARGO_BIN_EXE_backend")).workers(1);
    let stack = setup.env("WORKER_LOG", "json").start();
    let client = Client::connect_as(&stack, "42").await;
    for number in 0..CALLS {
        let reply = client.rpc(&format!("internal/{number}"), &Value::Null).await;
        assert_eq!(reply, Err(INTERNAL.into()));
    }
    let last = format!("\\\"number\\\":{}", CALLS - 1);
    stack.roadrunner.wait_for_log(&last);
    let mut counts = [0, 0];
    for entry in stack.roadrunner.log().lines() {
        let Ok(entry) = serde_json::from_str::<Value>(entry) else {
            continue;
        };
        let message = entry["msg"].as_str().unwrap_or_default();
        for line in message
            .lines()
            .filter(|line| line.contains("x".repeat(99).as_str()) || line.contains("long"))
        {
            let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            counts[usize::from(line["message"] == "long")] += 1;
        }
    }
    assert!(counts[0] >= CALLS - 1 && counts[1] == CALLS, "{counts:?}");
}

/// RoadRunner reads 64 KiB at once, as much as a pipe holds.
#[tokio::test(flavor = "multi_thread")]
async fn long_lines_arrive_whole_if_roadrunner_reads_late() {
    let setup = Setup::new(env!("CARGO_BIN_EXE_backend")).workers(1);
    let stack = setup.env("WORKER_LOG", "json").start();
    let client = Client::connect_as(&stack, "42").await;
    for len in [20_000, 40_000, 65_000, 100_000] {
        let reply = client.rpc(&format!("log-lines/{len}"), &Value::Null).await;
        assert_eq!(reply, Ok(Value::Null));
        for _ in 0..4 {
            stack.roadrunner.pause();
            tokio::time::sleep(Duration::from_millis(40)).await;
            stack.roadrunner.resume();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    stack.roadrunner.wait_for_log("(cut)");
    // The lines that are cut off are shorter, so that they are received together.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (mut lines, mut longest) = (0, 0);
    for entry in stack.roadrunner.log().lines() {
        let Ok(entry) = serde_json::from_str::<Value>(entry) else {
            continue;
        };
        let message = entry["msg"].as_str().unwrap_or_default();
        for line in message.lines().filter(|line| line.contains("xxx")) {
            longest = longest.max(line.len());
            let line: Value =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {} bytes", line.len()));
            lines += usize::from(line["message"] == "line");
        }
    }
    assert_eq!(lines, 4 * 12);
    assert!(longest > 65_000, "{longest} bytes");
}
