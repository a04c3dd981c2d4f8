//! RoadRunner, or Centrifugo, killed and started again in the middle of a stream of publishes.

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use centrifuge::SubscriptionEvent;
use centrifugo::api::{Client as Api, Delivery, Error};
use futures_util::{StreamExt as _, stream};
use peers::{Client, Redis, Stack};
use serde_json::json;
use support::api::{Way, setup};

const MESSAGES: u64 = 1200;
const AT_ONCE: usize = 16;

/// Publishes all numbers, several at once, and says what became of each.
async fn publish(api: Api, keys: bool, done: Arc<AtomicU64>) -> Vec<(u64, Result<(), Error>)> {
    stream::iter(0..MESSAGES)
        .map(|number| {
            let call = api.publish("sure:1", &number).timeout(Duration::from_secs(60));
            let call = if keys {
                call.idempotency_key(format!("number {number}"))
            } else {
                call
            };
            let done = &done;
            async move {
                tokio::time::sleep(Duration::from_millis(100)).await;
                let result = call.await.map(drop);
                done.fetch_add(1, Ordering::Relaxed);
                (number, result)
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

/// How often each number came to a client that recovers what it missed, until «last» came.
async fn listen(stack: &Stack, count: Arc<AtomicU64>) -> tokio::task::JoinHandle<BTreeMap<u64, u32>> {
    let client = Client::user(stack, "ann").await;
    let mut room = client.subscribe("sure:1");
    assert_eq!(room.outcome().await, "subscribed ");
    tokio::spawn(async move {
        // The events of the connection have to be taken, too.
        let mut connection = client;
        let drain = async {
            while connection.inner.state() != centrifuge::State::Closed {
                connection.next().await;
            }
        };
        let mut seen = BTreeMap::new();
        let numbers = async {
            loop {
                match room.next().await {
                    SubscriptionEvent::Publication(event) => {
                        if event.data == r#""last""# {
                            return;
                        }
                        count.fetch_add(1, Ordering::Relaxed);
                        let number = serde_json::from_slice(&event.data).expect("a number");
                        *seen.entry(number).or_insert(0) += 1;
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
            () = drain => panic!("the connection was closed"),
        }
        seen
    })
}

/// Publishes while `strike` strikes at each third, and gives what was said and what was seen.
async fn struck(
    mut stack: Stack,
    way: Way,
    keys: bool,
    strike: fn(&mut Stack),
) -> (Vec<(u64, Result<(), Error>)>, BTreeMap<u64, u32>) {
    let api = way.client(&stack).build().expect("a client");
    let (done, seen) = <(Arc<AtomicU64>, Arc<AtomicU64>)>::default();
    let listening = listen(&stack, seen.clone()).await;
    let publishing = tokio::spawn(publish(api.clone(), keys, done.clone()));
    for third in 1..3 {
        let end = Instant::now() + Duration::from_secs(60);
        let due = |count: &AtomicU64| count.load(Ordering::Relaxed) >= third * MESSAGES / 3;
        while !(due(&done) && due(&seen)) {
            assert!(Instant::now() < end, "{done:?} {seen:?}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(!publishing.is_finished());
        strike(&mut stack);
    }
    let said = publishing.await.expect("the publisher");
    api.publish("sure:1", &"last")
        .idempotency_key("last")
        .timeout(Duration::from_secs(60))
        .await
        .expect("published");
    (said, listening.await.expect("the listener"))
}

/// With keys, whatever happens: each exactly once.
fn each_exactly_once((said, seen): (Vec<(u64, Result<(), Error>)>, BTreeMap<u64, u32>)) {
    for (number, result) in said {
        assert!(result.is_ok(), "{number}: {result:?}");
    }
    for number in 0..MESSAGES {
        assert_eq!(seen.get(&number), Some(&1), "{number}");
    }
}

/// Without keys: never twice, and as often as the client says.
fn as_said((said, seen): (Vec<(u64, Result<(), Error>)>, BTreeMap<u64, u32>)) {
    for (number, result) in said {
        let times = seen.get(&number).copied().unwrap_or_default();
        match result {
            Ok(()) => assert_eq!(times, 1, "{number}"),
            Err(error) if error.delivery() == Delivery::Unknown => {
                assert!(times <= 1, "{number}: {times}");
                assert!(error.is_temporary(), "{error}");
            }
            Err(error) => assert_eq!(times, 0, "{number}: {error}"),
        }
    }
}

fn roadrunner(stack: &mut Stack) {
    stack.roadrunner.kill();
    std::thread::sleep(Duration::from_millis(300));
    stack.start_roadrunner_again();
}

fn centrifugo(stack: &mut Stack) {
    stack.centrifugo.kill();
    std::thread::sleep(Duration::from_millis(300));
    stack.start_centrifugo_again();
}

fn stack() -> Stack {
    setup(env!("CARGO_BIN_EXE_backend")).start()
}

/// Centrifugo, which forgets all when it ends, with Redis, which does not.
fn with(redis: &Redis) -> Stack {
    setup(env!("CARGO_BIN_EXE_backend"))
        .centrifugo(json!({ "engine": { "type": "redis", "redis": { "address": redis.address() } } }))
        .start()
}

#[tokio::test(flavor = "multi_thread")]
async fn roadrunner_with_keys() {
    each_exactly_once(struck(stack(), Way::RoadRunner, true, roadrunner).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn roadrunner_without_keys() {
    as_said(struck(stack(), Way::RoadRunner, false, roadrunner).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn centrifugo_with_keys_through_roadrunner() {
    let redis = Redis::start();
    each_exactly_once(struck(with(&redis), Way::RoadRunner, true, centrifugo).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn centrifugo_with_keys_over_grpc() {
    let redis = Redis::start();
    each_exactly_once(struck(with(&redis), Way::Grpc, true, centrifugo).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn centrifugo_with_keys_over_http() {
    let redis = Redis::start();
    each_exactly_once(struck(with(&redis), Way::Http, true, centrifugo).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn centrifugo_without_keys() {
    for way in Way::ALL {
        let redis = Redis::start();
        as_said(struck(with(&redis), way, false, centrifugo).await);
    }
}
