//! Publishes while RoadRunner or Centrifugo is killed and restarted.

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use centrifuge::SubscriptionEvent;
use centrifugo::api::{Client as Api, Delivery, Error};
use futures_util::{StreamExt as _, stream};
use peers::{Client, Redis, Stack};
use serde_json::json;
use support::api::{ApiTransport, setup};

/// The number of concurrent calls, so that a kill interrupts some.
const AT_ONCE: usize = 64;
/// The number of publications before each kill and after the last.
const BETWEEN: u64 = 500;

/// The result of publishing each number, from 0.
type Results = Vec<Result<(), Error>>;
/// How often each number was received.
type ReceivedCounts = BTreeMap<usize, u32>;

/// Counters of published and received numbers, and the signal to stop.
#[derive(Default)]
struct Progress {
    published: AtomicU64,
    received: AtomicU64,
    stop: AtomicBool,
}

impl Progress {
    async fn wait_for_progress(&self) {
        let counts = || [&self.published, &self.received].map(|count| count.load(Ordering::Relaxed));
        let due = counts().map(|count| count + BETWEEN);
        let end = Instant::now() + Duration::from_secs(60);
        while counts().into_iter().zip(due).any(|(count, due)| count < due) {
            assert!(Instant::now() < end, "{:?} of {due:?}", counts());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

/// Publishes numbers concurrently until it is stopped.
async fn publish(api: Api, has_keys: bool, progress: Arc<Progress>) -> Results {
    let progress = &progress;
    stream::iter(0_usize..)
        .take_while(|_| std::future::ready(!progress.stop.load(Ordering::Relaxed)))
        .map(|number| {
            let call = api.publish("sure:1", &number).timeout(Duration::from_secs(60));
            let call = if has_keys {
                call.idempotency_key(format!("number {number}"))
            } else {
                call
            };
            async move {
                // Clients and logs must keep up.
                tokio::time::sleep(Duration::from_millis(10)).await;
                let result = call.await;
                progress.published.fetch_add(1, Ordering::Relaxed);
                result.map(drop)
            }
        })
        .buffered(AT_ONCE)
        .collect()
        .await
}

/// Subscribes a client with recovery, and counts numbers until it receives `last`.
async fn listen(stack: &Stack, progress: Arc<Progress>) -> tokio::task::JoinHandle<ReceivedCounts> {
    let mut client = Client::connect_as(stack, "ann").await;
    let mut room = client.subscribe("sure:1");
    assert_eq!(room.outcome().await, "subscribed ");
    tokio::spawn(async move {
        // The client blocks until its own events are read, too.
        let connection = async {
            loop {
                client.next().await;
            }
        };
        let mut received = ReceivedCounts::new();
        let numbers = async {
            loop {
                match room.next().await {
                    SubscriptionEvent::Publication(event) if event.data == r#""last""# => return,
                    SubscriptionEvent::Publication(event) => {
                        let number = serde_json::from_slice(&event.data).expect("a number");
                        *received.entry(number).or_default() += 1;
                        progress.received.fetch_add(1, Ordering::Relaxed);
                    }
                    SubscriptionEvent::Subscribed(event) => {
                        assert!(!event.was_recovering || event.recovered, "{event:?}");
                    }
                    _ => {}
                }
            }
        };
        tokio::select! {
            () = numbers => {}
            () = connection => {}
        }
        received
    })
}

/// Publishes while `restart` runs twice.
async fn publish_during_restarts(
    mut stack: Stack,
    way: ApiTransport,
    has_keys: bool,
    restart: impl Fn(&mut Stack),
) -> (Results, ReceivedCounts) {
    let api = way.client(&stack).build().expect("a client");
    let progress = Arc::new(Progress::default());
    let listening = listen(&stack, progress.clone()).await;
    let publishing = tokio::spawn(publish(api.clone(), has_keys, progress.clone()));
    for _ in 0..2 {
        progress.wait_for_progress().await;
        restart(&mut stack);
    }
    progress.wait_for_progress().await;
    progress.stop.store(true, Ordering::Relaxed);
    let results = publishing.await.expect("the publisher");
    api.publish("sure:1", &"last")
        .idempotency_key("last")
        .timeout(Duration::from_secs(60))
        .await
        .expect("published");
    (results, listening.await.expect("the listener"))
}

/// With idempotency keys, each number was published exactly once.
fn assert_each_exactly_once((results, received): (Results, ReceivedCounts)) {
    for (number, result) in results.iter().enumerate() {
        assert!(result.is_ok(), "{number}: {result:?}");
        assert_eq!(received.get(&number), Some(&1), "{number}");
    }
    assert_eq!(received.len(), results.len());
}

/// Without keys, no number was published twice, and each as often as its result says.
fn assert_as_reported((results, received): (Results, ReceivedCounts)) {
    let mut carried_out = 0;
    for (number, result) in results.iter().enumerate() {
        let times = received.get(&number).copied().unwrap_or_default();
        match result {
            Ok(()) => assert_eq!(times, 1, "{number}"),
            Err(error) if error.delivery() == Delivery::Unknown => {
                assert!(times <= 1, "{number}: {times}");
                assert!(error.is_temporary(), "{error}");
                carried_out += times;
            }
            Err(error) => panic!("{number}, which came {times} times: {error}"),
        }
    }
    assert!(carried_out > 0, "no call was carried out whose answer was lost");
}

/// Kills RoadRunner while paused Centrifugo has calls whose answers will be lost.
fn roadrunner(stack: &mut Stack) {
    stack.centrifugo.pause();
    std::thread::sleep(Duration::from_millis(50));
    stack.roadrunner.kill();
    stack.centrifugo.resume();
    stack.start_roadrunner_again();
}

/// Kills Centrifugo while paused Redis has publications whose results will be lost.
fn centrifugo(redis: &Redis) -> impl Fn(&mut Stack) {
    |stack| {
        redis.process.pause();
        std::thread::sleep(Duration::from_millis(50));
        stack.centrifugo.kill();
        redis.process.resume();
        stack.start_centrifugo_again();
    }
}

fn stack() -> Stack {
    setup(env!("CARGO_BIN_EXE_backend")).start()
}

/// Returns a stack with Redis, which keeps the history when Centrifugo is killed.
fn stack_with(redis: &Redis) -> Stack {
    setup(env!("CARGO_BIN_EXE_backend"))
        .centrifugo(json!({ "engine": { "type": "redis", "redis": { "address": redis.address() } } }))
        .start()
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_each_once_with_keys_while_roadrunner_restarts() {
    assert_each_exactly_once(
        publish_during_restarts(stack(), ApiTransport::RoadRunner, true, roadrunner).await,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_none_twice_without_keys_while_roadrunner_restarts() {
    assert_as_reported(publish_during_restarts(stack(), ApiTransport::RoadRunner, false, roadrunner).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_each_once_over_roadrunner_while_centrifugo_restarts() {
    let redis = Redis::start();
    assert_each_exactly_once(
        publish_during_restarts(
            stack_with(&redis),
            ApiTransport::RoadRunner,
            true,
            centrifugo(&redis),
        )
        .await,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_each_once_over_grpc_while_centrifugo_restarts() {
    let redis = Redis::start();
    assert_each_exactly_once(
        publish_during_restarts(stack_with(&redis), ApiTransport::Grpc, true, centrifugo(&redis)).await,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_each_once_over_http_while_centrifugo_restarts() {
    let redis = Redis::start();
    assert_each_exactly_once(
        publish_during_restarts(stack_with(&redis), ApiTransport::Http, true, centrifugo(&redis)).await,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_none_twice_without_keys_while_centrifugo_restarts() {
    for way in ApiTransport::ALL {
        let redis = Redis::start();
        assert_as_reported(publish_during_restarts(stack_with(&redis), way, false, centrifugo(&redis)).await);
    }
}
