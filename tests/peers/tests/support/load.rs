//! Clients that call without a pause.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use peers::{Client, Peers};
use serde_json::json;

/// Eight clients that call until they are stopped.
pub struct Load {
    stop: Arc<AtomicBool>,
    clients: Vec<tokio::task::JoinHandle<(Vec<u64>, Vec<String>)>>,
}

impl Load {
    pub async fn start(stack: &impl Peers) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let next = Arc::new(AtomicU64::new(0));
        let mut clients = Vec::new();
        for user in 0..8 {
            let client = Client::connect_as(stack, &user.to_string()).await;
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

    pub async fn stop(self) -> (BTreeSet<u64>, Vec<String>) {
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

/// Returns the numbers whose handlers started, those whose handlers ended, and the number of shutdowns.
pub fn notes(stack: &impl Peers) -> (BTreeSet<u64>, BTreeSet<u64>, usize) {
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
