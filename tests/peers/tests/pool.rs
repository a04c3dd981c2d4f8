//! A pool of four workers that are replaced and stopped under load.

mod support;

use std::collections::HashSet;
use std::time::Duration;

use peers::{Client, Setup, Stack};
use serde_json::{Value, json};
use support::load::{Load, notes};

fn four_workers() -> Stack {
    Setup::new(env!("CARGO_BIN_EXE_backend"))
        .workers(4)
        .env("NOTES", "notes")
        // `Stack::stop_roadrunner` says when RoadRunner waits for all of it. The handlers end within milliseconds.
        .roadrunner(json!({ "endure": { "grace_period": "5s" } }))
        .start()
}

#[tokio::test(flavor = "multi_thread")]
async fn distributes_events_to_all_workers() {
    let stack = four_workers();
    assert_eq!(stack.workers().len(), 4);
    let client = Client::connect_as(&stack, "42").await;
    let mut pids = HashSet::new();
    for _ in 0..200 {
        pids.insert(client.rpc("pid", &Value::Null).await.expect("a pid").as_u64());
    }
    assert_eq!(pids.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn loses_no_event_in_a_reset_under_load() {
    let stack = four_workers();
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
    // RoadRunner sends all four workers the stop command. When the first has exited, it kills the others that have not (`Remove` in
    // `vec.go` of its pool).
    assert!((3..=12).contains(&shutdowns), "{shutdowns} of 12");
    assert!(stack.workers().iter().all(|pid| !before.contains(pid)));
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_every_started_event_when_stopped_under_load() {
    let mut stack = four_workers();
    let load = Load::start(&stack).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(stack.stop_roadrunner());
    let (answered, failed) = load.stop().await;
    assert!(answered.len() > 50, "{}", answered.len());
    // Later calls fail, because Centrifugo has no backend.
    assert!(
        failed.iter().all(|error| error.starts_with("error 100 ")),
        "{failed:?}"
    );
    let (begun, ended, shutdowns) = notes(&stack);
    assert_eq!(begun, ended);
    assert_eq!(ended, answered);
    assert_eq!(shutdowns, 4);
}
