//! Four workers, under load, while they are replaced and stopped.

mod support;

use std::collections::HashSet;
use std::time::Duration;

use peers::{Client, Setup, Stack};
use serde_json::Value;
use support::load::{Load, notes};

fn four() -> Stack {
    Setup::new(env!("CARGO_BIN_EXE_backend"))
        .workers(4)
        .env("NOTES", "notes")
        .start()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_four_answer() {
    let stack = four();
    assert_eq!(stack.workers().len(), 4);
    let client = Client::user(&stack, "42").await;
    let mut pids = HashSet::new();
    for _ in 0..200 {
        pids.insert(client.rpc("pid", &Value::Null).await.expect("a pid").as_u64());
    }
    assert_eq!(pids.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_under_load_loses_no_event() {
    let stack = four();
    let before = stack.workers();
    let load = Load::start(&stack).await;
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        tokio::task::block_in_place(|| stack.reset());
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (answered, failed) = load.stop().await;
    assert!(
        failed.is_empty(),
        "{} answered, failed: {failed:?}",
        answered.len()
    );
    assert!(answered.len() > 100, "{}", answered.len());
    let (begun, ended, shutdowns) = notes(&stack);
    assert_eq!(begun, ended);
    assert_eq!(ended, answered);
    // RoadRunner tells all four to stop; as soon as the first has ended, it kills those that are not there yet (`Remove` of
    // its pool's `vec.go`).
    assert!((3..=12).contains(&shutdowns), "{shutdowns} of 12");
    assert!(stack.workers().iter().all(|pid| !before.contains(pid)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_under_load_answers_each_event_that_was_taken() {
    let mut stack = four();
    let load = Load::start(&stack).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(stack.stop_roadrunner());
    let (answered, failed) = load.stop().await;
    assert!(answered.len() > 50, "{}", answered.len());
    // Those that came after the end: Centrifugo has nobody to ask.
    assert!(
        failed.iter().all(|error| error.starts_with("error 100 ")),
        "{failed:?}"
    );
    let (begun, ended, shutdowns) = notes(&stack);
    assert_eq!(begun, ended);
    assert_eq!(ended, answered);
    assert_eq!(shutdowns, 4);
}
