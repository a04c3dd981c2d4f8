//! RoadRunner, or Centrifugo, killed and started again in the middle of a stream of publishes.

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
use support::api::{Way, setup};

/// Calls under way at once, so that a kill meets some of them.
const AT_ONCE: usize = 64;
/// What is published and seen before each kill, and after the last.
const BETWEEN: u64 = 500;

/// What was said of each number, beginning with 0.
type Said = Vec<Result<(), Error>>;
/// How often each number was seen.
type Seen = BTreeMap<usize, u32>;

/// Counts what is published and seen, and tells the publisher to stop.
#[derive(Default)]
struct Progress {
    published: AtomicU64,
    seen: AtomicU64,
    stop: AtomicBool,
}

impl Progress {
    async fn further(&self) {
        let counts = || [&self.published, &self.seen].map(|count| count.load(Ordering::Relaxed));
        let due = counts().map(|count| count + BETWEEN);
        let end = Instant::now() + Duration::from_secs(60);
        while counts().into_iter().zip(due).any(|(count, due)| count < due) {
            assert!(Instant::now() < end, "{:?} of {due:?}", counts());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

/// Publishes numbers, many at once.
async fn publish(api: Api, keys: bool, progress: Arc<Progress>) -> Said {
    let progress = &progress;
    stream::iter(0_usize..)
        .take_while(|_| std::future::ready(!progress.stop.load(Ordering::Relaxed)))
        .map(|number| {
            let call = api.publish("sure:1", &number).timeout(Duration::from_secs(60));
            let call = if keys {
                call.idempotency_key(format!("number {number}"))
            } else {
                call
            };
            async move {
                // Not faster than clients and logs can follow.
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

/// Subscribes a client that recovers what it missed, and counts until «last» comes.
async fn listen(stack: &Stack, progress: Arc<Progress>) -> tokio::task::JoinHandle<Seen> {
    let mut client = Client::user(stack, "ann").await;
    let mut room = client.subscribe("sure:1");
    assert_eq!(room.outcome().await, "subscribed ");
    tokio::spawn(async move {
        // The events of the connection have to be taken, too.
        let connection = async {
            loop {
                client.next().await;
            }
        };
        let mut seen = Seen::new();
        let numbers = async {
            loop {
                match room.next().await {
                    SubscriptionEvent::Publication(event) if event.data == r#""last""# => return,
                    SubscriptionEvent::Publication(event) => {
                        let number = serde_json::from_slice(&event.data).expect("a number");
                        *seen.entry(number).or_default() += 1;
                        progress.seen.fetch_add(1, Ordering::Relaxed);
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
        seen
    })
}

/// Publishes while `strike` strikes twice.
async fn struck(mut stack: Stack, way: Way, keys: bool, strike: impl Fn(&mut Stack)) -> (Said, Seen) {
    let api = way.client(&stack).build().expect("a client");
    let progress = Arc::new(Progress::default());
    let listening = listen(&stack, progress.clone()).await;
    let publishing = tokio::spawn(publish(api.clone(), keys, progress.clone()));
    for _ in 0..2 {
        progress.further().await;
        strike(&mut stack);
    }
    progress.further().await;
    progress.stop.store(true, Ordering::Relaxed);
    let said = publishing.await.expect("the publisher");
    api.publish("sure:1", &"last")
        .idempotency_key("last")
        .timeout(Duration::from_secs(60))
        .await
        .expect("published");
    (said, listening.await.expect("the listener"))
}

/// With keys, whatever happens: each exactly once.
fn each_exactly_once((said, seen): (Said, Seen)) {
    for (number, result) in said.iter().enumerate() {
        assert!(result.is_ok(), "{number}: {result:?}");
        assert_eq!(seen.get(&number), Some(&1), "{number}");
    }
    assert_eq!(seen.len(), said.len());
}

/// Without keys: never twice, and as often as the client says.
fn as_said((said, seen): (Said, Seen)) {
    let mut carried_out = 0;
    for (number, result) in said.iter().enumerate() {
        let times = seen.get(&number).copied().unwrap_or_default();
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

/// Kills RoadRunner while Centrifugo has calls before it that it answers to nobody.
fn roadrunner(stack: &mut Stack) {
    stack.centrifugo.pause();
    std::thread::sleep(Duration::from_millis(50));
    stack.roadrunner.kill();
    stack.centrifugo.go_on();
    stack.start_roadrunner_again();
}

/// Kills Centrifugo while Redis has publications before it that Centrifugo tells nobody of.
fn centrifugo(redis: &Redis) -> impl Fn(&mut Stack) {
    |stack| {
        redis.process.pause();
        std::thread::sleep(Duration::from_millis(50));
        stack.centrifugo.kill();
        redis.process.go_on();
        stack.start_centrifugo_again();
    }
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
    each_exactly_once(struck(with(&redis), Way::RoadRunner, true, centrifugo(&redis)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn centrifugo_with_keys_over_grpc() {
    let redis = Redis::start();
    each_exactly_once(struck(with(&redis), Way::Grpc, true, centrifugo(&redis)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn centrifugo_with_keys_over_http() {
    let redis = Redis::start();
    each_exactly_once(struck(with(&redis), Way::Http, true, centrifugo(&redis)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn centrifugo_without_keys() {
    for way in Way::ALL {
        let redis = Redis::start();
        as_said(struck(with(&redis), way, false, centrifugo(&redis)).await);
    }
}
