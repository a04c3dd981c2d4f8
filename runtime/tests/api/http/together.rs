//! Publishes that leave together while others are under way.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use centrifugo::api::{Client, Delivery, Error, ErrorKind};
use centrifugo::proto::api::PublishResult;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{Answer, Seen, client, serve, serve_when};
use crate::soon;

/// What Centrifugo answers to a publish, alone and in a batch: its version as the offset, error 100 for version 13.
fn published(seen: &Seen) -> Answer {
    let result = |call: &Value| match call["version"].as_u64() {
        Some(13) => Err(json!({ "code": 100, "message": "bad luck" })),
        version => Ok(json!({ "offset": version })),
    };
    let answer = match seen.path.as_str() {
        "/api/publish" => match result(&seen.body) {
            Ok(result) => json!({ "result": result }),
            Err(error) => json!({ "error": error }),
        },
        "/api/batch" => {
            assert_eq!(seen.body["parallel"], true);
            let reply = |command: &Value| match result(&command["publish"]) {
                Ok(result) => json!({ "publish": result }),
                Err(error) => json!({ "error": error }),
            };
            let replies: Vec<_> = commands(seen).iter().map(reply).collect();
            json!({ "replies": replies })
        }
        path => panic!("{path}"),
    };
    (200, answer.to_string())
}

fn commands(seen: &Seen) -> Vec<Value> {
    seen.body["commands"].as_array().cloned().unwrap_or_default()
}

/// Publishes that many at once, with versions from 1; their results by version.
async fn publish_at_once(client: &Client, count: u64) -> Vec<(u64, Result<PublishResult, Error>)> {
    let mut calls = JoinSet::new();
    for version in 1..=count {
        let call = client.publish("news", &version).version(version);
        calls.spawn(async move { (version, call.await) });
    }
    let mut results = soon(calls.join_all()).await;
    results.sort_by_key(|(version, _)| *version);
    results
}

/// What [`published`] says to this version.
fn assert_own_answer(version: u64, result: Result<PublishResult, Error>) {
    match result {
        Ok(published) => assert_eq!((published.offset, version == 13), (version, false)),
        Err(error) => assert_eq!((version, error.code()), (13, Some(100)), "{error}"),
    }
}

#[tokio::test]
async fn a_thousand_calls_at_once_share_some_connections_and_requests() {
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    let (address, connections) = serve(move |seen| {
        count.fetch_add(1, Ordering::SeqCst);
        assert!(commands(&seen).len() <= 100);
        published(&seen)
    })
    .await;
    for (version, result) in publish_at_once(&client(address), 1000).await {
        assert_own_answer(version, result);
    }
    let (connections, requests) = (
        connections.load(Ordering::SeqCst),
        requests.load(Ordering::SeqCst),
    );
    // Eight, and ten batches; more where the machine is slow and nobody waits that long.
    assert!(connections <= 128, "{connections}");
    assert!((18..300).contains(&requests), "{requests}");
}

#[tokio::test]
async fn calls_that_are_given_up_while_they_wait_are_not_sent() {
    let permits = Arc::new(Semaphore::new(0));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let (address, _) = serve_when(permits.clone(), move |seen| {
        let versions = match seen.path.as_str() {
            "/api/publish" => vec![seen.body["version"].as_u64()],
            _ => commands(&seen)
                .iter()
                .map(|command| command["publish"]["version"].as_u64())
                .collect(),
        };
        log.lock().unwrap().push(versions);
        published(&seen)
    })
    .await;
    let client = client(address);
    let publish = |version| client.publish("news", &1).version(version);
    let mut first = JoinSet::new();
    for version in 1..=8 {
        first.spawn(publish(version).into_future());
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    // All wait for one of the eight; not for long.
    let dropped = tokio::spawn(publish(20).into_future());
    tokio::task::yield_now().await;
    dropped.abort();
    let late = publish(21).timeout(Duration::from_millis(5));
    let late = tokio::spawn(late.into_future());
    let mut others = JoinSet::new();
    for version in 22..=24 {
        others.spawn(publish(version).into_future());
    }
    let error = soon(late).await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::TimedOut, Delivery::NotSent)
    );
    permits.add_permits(9);
    for result in soon(first.join_all())
        .await
        .into_iter()
        .chain(soon(others.join_all()).await)
    {
        assert!(result.unwrap().offset > 0);
    }
    let mut seen = seen.lock().unwrap().clone();
    seen.sort();
    assert_eq!(seen.len(), 9, "{seen:?}");
    assert!(seen.contains(&vec![Some(22), Some(23), Some(24)]), "{seen:?}");
}

#[tokio::test]
async fn requests_that_hang_do_not_hold_up_the_others() {
    let permits = Arc::new(Semaphore::new(0));
    let (give, take) = std::sync::mpsc::channel();
    let give = Arc::new(Mutex::new(give));
    let (address, connections) = serve_when(permits.clone(), move |seen| {
        give.lock().unwrap().send(commands(&seen).len()).unwrap();
        published(&seen)
    })
    .await;
    let client = client(address);
    let calls = tokio::spawn(async move { publish_at_once(&client, 30).await });
    // Nothing is answered until the ninth request is there, on a connection of its own, with all that wait.
    soon(async {
        while connections.load(Ordering::SeqCst) < 9 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    permits.add_permits(9);
    assert_eq!(soon(calls).await.unwrap().len(), 30);
    let mut sizes: Vec<_> = take.try_iter().collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [0, 0, 0, 0, 0, 0, 0, 0, 22]);
}

#[tokio::test]
async fn where_batches_are_refused_calls_go_alone() {
    for status in [404, 403] {
        let batches = Arc::new(AtomicUsize::new(0));
        let count = batches.clone();
        let (address, _) = serve(move |seen| {
            if seen.path == "/api/batch" {
                count.fetch_add(1, Ordering::SeqCst);
                return (status, "not here".into());
            }
            published(&seen)
        })
        .await;
        let client = client(address);
        for _ in 0..2 {
            for (version, result) in publish_at_once(&client, 50).await {
                assert_own_answer(version, result);
            }
        }
        assert!((1..=8).contains(&batches.load(Ordering::SeqCst)));
    }
}

#[tokio::test]
async fn a_refused_key_says_nothing_of_batches() {
    let accepted = Arc::new(AtomicBool::new(false));
    let batches = Arc::new(AtomicUsize::new(0));
    let (accepts, count) = (accepted.clone(), batches.clone());
    let (address, _) = serve(move |seen| {
        if !accepts.load(Ordering::SeqCst) {
            return (401, "wrong key".into());
        }
        count.fetch_add(usize::from(seen.path == "/api/batch"), Ordering::SeqCst);
        published(&seen)
    })
    .await;
    let client = client(address);
    for (_, result) in publish_at_once(&client, 50).await {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Refused);
    }
    accepted.store(true, Ordering::SeqCst);
    for (version, result) in publish_at_once(&client, 50).await {
        assert_own_answer(version, result);
    }
    assert!(batches.load(Ordering::SeqCst) > 0);
}

#[tokio::test]
async fn what_becomes_of_a_request_becomes_of_all_calls_in_it() {
    let broken = |text: &'static str, status| {
        move |seen: Seen| match seen.path.as_str() {
            "/api/batch" => (status, text.to_owned()),
            _ => published(&seen),
        }
    };
    for (status, text, kind) in [
        (502, "", ErrorKind::Lost),
        (200, "<html>", ErrorKind::Unreadable),
        (200, r#"{"replies":[]}"#, ErrorKind::Unreadable),
    ] {
        let (address, _) = serve(broken(text, status)).await;
        let results = publish_at_once(&client(address), 12).await;
        let failed: Vec<_> = results
            .iter()
            .filter_map(|(_, result)| result.as_ref().err())
            .collect();
        assert!((2..=4).contains(&failed.len()), "{failed:?}");
        for error in failed {
            assert_eq!(
                (error.kind(), error.delivery()),
                (kind, Delivery::Unknown),
                "{error}"
            );
            assert!(error.to_string().starts_with("Publish to `news`"), "{error}");
        }
    }
}

#[tokio::test]
async fn dropped_calls_leave_the_client_usable() {
    let permits = Arc::new(Semaphore::new(0));
    let batches = Arc::new(AtomicUsize::new(0));
    let count = batches.clone();
    let (address, _) = serve_when(permits.clone(), move |seen| {
        count.fetch_add(usize::from(seen.path == "/api/batch"), Ordering::SeqCst);
        published(&seen)
    })
    .await;
    let client = client(address);
    for round in 0..10 {
        let mut calls = JoinSet::new();
        for _ in 0..20 {
            calls.spawn(client.publish("news", &"x".repeat(9_000)).into_future());
            calls.spawn(client.publish("news", &1).into_future());
        }
        tokio::time::sleep(Duration::from_micros(round * 300)).await;
        drop(calls);
    }
    permits.add_permits(10_000);
    tokio::time::sleep(Duration::from_millis(200)).await;
    batches.store(0, Ordering::SeqCst);
    // Eight at once go alone: none of those that were dropped is still counted.
    for (version, result) in publish_at_once(&client, 8).await {
        assert_own_answer(version, result);
    }
    assert_eq!(batches.load(Ordering::SeqCst), 0);
}
