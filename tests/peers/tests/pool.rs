//! Four workers, under load, while they are replaced and stopped.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use peers::{Client, Peers, Setup, Stack};
use serde_json::{Value, json};

fn four() -> Stack {
    Setup::new(env!("CARGO_BIN_EXE_backend"))
        .workers(4)
        .env("NOTES", "notes")
        .start()
}

/// What happened to the calls of eight clients until they were told to stop.
struct Load {
    stop: Arc<AtomicBool>,
    clients: Vec<tokio::task::JoinHandle<(Vec<u64>, Vec<String>)>>,
}

impl Load {
    async fn start(stack: &Stack) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let next = Arc::new(AtomicU64::new(0));
        let mut clients = Vec::new();
        for user in 0..8 {
            let client = Client::user(stack, &user.to_string()).await;
            let (stop, next) = (stop.clone(), next.clone());
            clients.push(tokio::spawn(async move {
                let (mut answered, mut failed) = (Vec::new(), Vec::new());
                while !stop.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    match client.rpc("work", &json!(number)).await {
                        Ok(answer) => {
                            assert_eq!(answer, json!(number), "an answer to another event");
                            answered.push(number);
                        }
                        Err(error) => {
                            failed.push(error);
                            tokio::time::sleep(Duration::from_millis(20)).await;
                        }
                    }
                }
                (answered, failed)
            }));
        }
        Self { stop, clients }
    }

    async fn stop(self) -> (BTreeSet<u64>, Vec<String>) {
        self.stop.store(true, Ordering::Relaxed);
        let (mut answered, mut failed) = (BTreeSet::new(), Vec::new());
        for client in self.clients {
            let (good, bad) = client.await.expect("a client");
            answered.extend(good);
            failed.extend(bad);
        }
        (answered, failed)
    }
}

/// The numbers that handlers began with, and those that they came to an end with.
fn notes(stack: &Stack) -> (BTreeSet<u64>, BTreeSet<u64>, usize) {
    let notes = std::fs::read_to_string(stack.file("notes")).expect("notes");
    let numbers = |word: &str| {
        notes
            .lines()
            .filter_map(|line| line.strip_prefix(word)?.trim().parse().ok())
            .collect()
    };
    (
        numbers("begin"),
        numbers("end"),
        notes.matches("shutdown").count(),
    )
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
    assert_eq!(shutdowns, 12, "each worker came to its end in order");
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
