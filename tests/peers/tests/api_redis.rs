//! A restart of Centrifugo's Redis under load.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use centrifugo::api::{Client as Api, Error};
use futures_util::{StreamExt as _, stream};
use peers::Redis;
use serde_json::json;
use support::api::{ApiTransport, setup};

const CALLS: u64 = 6000;
const AT_ONCE: usize = 64;

/// Publishes with idempotency keys. Returns the errors of failed calls.
async fn publish(api: Api, done: Arc<AtomicU64>) -> Vec<Error> {
    let done = &done;
    let results = stream::iter(0..CALLS).map(|number| {
        let call = api
            .publish("room:1", &number)
            .idempotency_key(format!("number {number}"));
        async move {
            // Slow down, so that calls remain for after the first restart.
            tokio::time::sleep(Duration::from_millis(20)).await;
            let result = call.await;
            done.fetch_add(1, Ordering::Relaxed);
            result.err()
        }
    });
    results
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await
}

/// Without Redis, Centrifugo answers with a temporary internal error, and the client tries again.
async fn publishes_while_redis_restarts(way: ApiTransport) {
    let mut redis = Redis::start();
    let stack = setup(env!("CARGO_BIN_EXE_backend"))
        .centrifugo(json!({ "engine": { "type": "redis", "redis": { "address": redis.address() } } }))
        .start();
    let builder = way.client(&stack).timeout(Duration::from_secs(60));
    let api = builder.build().expect("a client");
    let done = Arc::<AtomicU64>::default();
    let publishing = tokio::spawn(publish(api.clone(), done.clone()));
    for restart in 1..=3 {
        while done.load(Ordering::Relaxed) < restart * CALLS / 5 {
            assert!(!publishing.is_finished());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::task::block_in_place(|| redis.restart(Duration::from_millis(300)));
    }
    let failed = publishing.await.expect("the publisher");
    assert!(
        failed.is_empty(),
        "{} of {CALLS} failed: {:?}",
        failed.len(),
        failed.first()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_over_roadrunner_while_redis_restarts() {
    publishes_while_redis_restarts(ApiTransport::RoadRunner).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_over_grpc_while_redis_restarts() {
    publishes_while_redis_restarts(ApiTransport::Grpc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_over_http_while_redis_restarts() {
    publishes_while_redis_restarts(ApiTransport::Http).await;
}
