//! The metrics of a backend, compared with what Centrifugo counts.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use peers::{Client, Peers, Scrape, Setup, Stack, Transport, free_port};
use serde_json::{Value, json};
use support::{direct, events};

const EVENTS: &str = "centrifugo_backend_events_total";
const DURATIONS: &str = "centrifugo_backend_event_duration_seconds";
const CENTRIFUGO_EVENTS: &str = "centrifugo_proxy_duration_seconds_histogram_count";
const CLIENTS: u64 = 16;
const CALLS: u64 = 640;

/// Calls one client after another in all the ways that do not end its connection.
async fn call(stack: &impl Peers, number: u64) {
    let client = Client::connect_as(stack, &format!("user-{number}")).await;
    let mut subscriptions = Vec::new();
    for call in 0..CALLS {
        match call % 20 {
            0..8 => drop(client.rpc("echo", &json!(call)).await.expect("an echo")),
            8 => drop(client.rpc("refused", &json!(null)).await.expect_err("an error")),
            9 => drop(client.rpc("internal", &json!(null)).await.expect_err("an error")),
            10 => drop(client.rpc("panic", &json!(null)).await.expect_err("an error")),
            11 => drop(client.rpc("no-such", &json!(null)).await.expect_err("an error")),
            12 => drop(client.rpc("len", &json!([1])).await.expect_err("an error")),
            13..16 => {
                let channel = format!("chat:load-{number}");
                client.publish(&channel, &json!({})).await.expect("a publication");
            }
            16 => drop(
                client
                    .publish("chat:closed", &json!({}))
                    .await
                    .expect_err("an error"),
            ),
            17 => drop(
                client
                    .publish("chat:panic", &json!({}))
                    .await
                    .expect_err("an error"),
            ),
            18 => {
                let outcome = client.subscribe(&format!("chat:{number}-{call}")).outcome().await;
                assert_eq!(outcome, "subscribed ");
            }
            _ => {
                let mut subscription = client.subscribe(&format!("news:{number}-{call}"));
                assert!(subscription.outcome().await.starts_with("subscribed"));
                subscriptions.push(subscription);
            }
        }
    }
}

/// Sends more than 10,000 events of all kinds and outcomes.
async fn mixed_events(stack: &impl Peers) {
    let calls = join_all((0..CLIENTS).map(|number| call(stack, number)));
    let rest = async {
        events::connect(stack).await;
        events::rpc(stack).await;
        events::subscribe(stack).await;
        events::publish(stack).await;
        for _ in 0..20 {
            let mut client = Client::connect_as(stack, "42").await;
            drop(client.rpc("hang", &json!(null)).await.expect_err("an error"));
            client.rpc_unseen("kicked");
            assert_eq!(client.outcome().await, "disconnected 4504 kicked");
        }
    };
    let users = ["stays", "gone", "down", "later", "refused", "kicked", "crash"];
    let refreshes = join_all(users.map(|user| refresh(stack, user)));
    let channels = ["stays", "gone", "down", "refused"];
    let sub_refreshes = join_all(channels.map(|what| sub_refresh(stack, what)));
    tokio::join!(calls, rest, refreshes, sub_refreshes);
}

/// Waits for a line of a handler. Returns some time after its event, and long before the next one: Centrifugo does not count an
/// event whose client leaves meanwhile.
async fn wait_for_note(stack: &impl Peers, note: &str) {
    let end = Instant::now() + Duration::from_secs(15);
    let path = stack.file("notes");
    while !std::fs::read_to_string(&path).unwrap_or_default().contains(note) {
        assert!(Instant::now() < end, "no `{note}`");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
}

async fn refresh(stack: &impl Peers, user: &str) {
    let mut client = Client::start(stack, &json!({ "user": user, "expires_in": 1 }));
    assert_eq!(client.outcome().await, "connected");
    wait_for_note(stack, &format!("refresh {user}")).await;
}

async fn sub_refresh(stack: &impl Peers, what: &str) {
    let client = Client::connect_as(stack, "42").await;
    let mut subscription = client.subscribe(&format!("news:short-{what}"));
    assert!(subscription.outcome().await.starts_with("subscribed"));
    wait_for_note(stack, &format!("sub_refresh {what}")).await;
}

/// Counts events by kind, without those whose client was gone: Centrifugo does not count these either.
fn backend_counts(scrape: &Scrape) -> BTreeMap<String, f64> {
    let mut counts = BTreeMap::new();
    for (labels, value) in scrape.series(EVENTS) {
        if labels.get("outcome") != Some("cancelled") {
            *counts
                .entry(labels.get("kind").expect("a kind").to_owned())
                .or_default() += value;
        }
    }
    counts
}

fn centrifugo_counts(scrape: &Scrape) -> BTreeMap<String, f64> {
    scrape.sums_by(CENTRIFUGO_EVENTS, "type")
}

/// Compares the counts of both sides. `metrics` and `centrifugo` are where they serve their metrics.
async fn compare(stack: &impl Peers, metrics: &str, centrifugo: &str) -> Scrape {
    mixed_events(stack).await;
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let theirs = Scrape::read(centrifugo);
        let ours = Scrape::read(metrics);
        let counts = backend_counts(&ours);
        // The calls that failed are those that make Centrifugo grant grace.
        let failed = theirs.sums_by("centrifugo_proxy_errors", "type");
        // A scrape may see the counter of an event and not yet what is recorded after it.
        let is_whole =
            all_events_have_ended(&ours) && ours.sums_by("centrifugo_backend_grace_total", "kind") == failed;
        if is_whole && counts == centrifugo_counts(&theirs) {
            assert!(counts.values().sum::<f64>() >= 10_000.0, "{counts:?}");
            assert_eq!(failed.keys().collect::<Vec<_>>(), ["refresh", "sub_refresh"]);
            check(&ours);
            return ours;
        }
        assert!(
            Instant::now() < end,
            "the backend: {counts:?}\nCentrifugo: {:?}, failed: {failed:?}\n{}\n{}",
            centrifugo_counts(&theirs),
            ours.text(),
            stack.backend().log()
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Returns whether the backend has recorded one duration for each event, and no event is in flight.
fn all_events_have_ended(scrape: &Scrape) -> bool {
    let mut in_buckets = BTreeMap::new();
    for (labels, value) in scrape.series(&format!("{DURATIONS}_bucket")) {
        if labels.get("le") == Some("+Inf") {
            *in_buckets
                .entry(labels.get("kind").expect("a kind").to_owned())
                .or_default() += value;
        }
    }
    let events = scrape.sums_by(EVENTS, "kind");
    scrape.sums_by(&format!("{DURATIONS}_count"), "kind") == events
        && in_buckets == events
        && scrape.sum("centrifugo_backend_events_in_flight") == 0.0
}

/// Checks the metrics of the backend against each other.
fn check(scrape: &Scrape) {
    let kinds = scrape.sums_by(EVENTS, "kind");
    assert_eq!(
        kinds.keys().collect::<Vec<_>>(),
        ["connect", "publish", "refresh", "rpc", "sub_refresh", "subscribe"]
    );
    let outcomes: BTreeSet<_> = scrape.sums_by(EVENTS, "outcome").into_keys().collect();
    for outcome in [
        "ok",
        "error",
        "disconnect",
        "internal",
        "timeout",
        "panic",
        "refused",
    ] {
        assert!(outcomes.contains(outcome), "{outcome} is not in {outcomes:?}");
    }
    assert!(scrape.sum(&format!("{DURATIONS}_sum")) > 0.0);
    assert_eq!(scrape.sum("centrifugo_backend_build_info"), 1.0);
    let echoes = scrape.sums_by(EVENTS, "handler").get("echo").copied();
    assert!(echoes >= Some((CLIENTS * CALLS * 8 / 20) as f64), "{echoes:?}");
}

fn prometheus() -> Value {
    json!({ "prometheus": { "enabled": true } })
}

/// Compares the counts of a backend that Centrifugo calls over `transport`, which has this name in Centrifugo's metrics.
async fn compare_direct(transport: Transport, protocol: &str) {
    let address = format!("127.0.0.1:{}", free_port());
    let stack = direct::backend(env!("CARGO_BIN_EXE_backend"), transport)
        .env("WORKER_METRICS_LISTEN", &address)
        .centrifugo(prometheus())
        .start();
    compare(&stack, &address, &stack.node.address()).await;
    let protocols = Scrape::read(&stack.node.address()).sums_by(CENTRIFUGO_EVENTS, "protocol");
    assert_eq!(protocols.into_keys().collect::<Vec<_>>(), [protocol]);
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_over_grpc_equal_those_of_centrifugo() {
    compare_direct(Transport::Grpc, "grpc").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_over_http_equal_those_of_centrifugo() {
    compare_direct(Transport::Http, "http").await;
}

fn setup(workers: usize, metrics: &str) -> Setup {
    Setup::new(env!("CARGO_BIN_EXE_backend"))
        .workers(workers)
        .env("NOTES", "notes")
        .roadrunner(json!({ "metrics": { "address": metrics } }))
        .centrifugo(
            json!({ "client": { "presence_update_interval": "1s", "expired_sub_close_delay": "1s" } }),
        )
        .centrifugo(prometheus())
}

fn http(stack: &Stack) -> String {
    stack.http_api().replace("http://", "")
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_of_four_workers_under_roadrunner_equal_those_of_centrifugo() {
    let address = format!("127.0.0.1:{}", free_port());
    let stack = setup(4, &address).start();
    compare(&stack, &address, &http(&stack)).await;
    assert_eq!(stack.workers().len(), 4);
    let log = stack.roadrunner.log();
    for line in [
        "already exist",
        "undefined collector",
        "not reported",
        "metric refused",
    ] {
        assert!(!log.contains(line), "`{line}` in {log}");
    }
}

/// Waits until nothing is missing in a scrape. A scrape may see a part of what a worker reports.
async fn wait_for_scrape(address: &str, missing: impl Fn(&Scrape) -> Option<String>) -> Scrape {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let scrape = Scrape::read(address);
        let Some(missing) = missing(&scrape) else {
            return scrape;
        };
        assert!(Instant::now() < end, "no `{missing}` in {}", scrape.text());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until the sums over the time series of these metrics have these values.
async fn wait_for_sums(address: &str, sums: &[(&str, f64)]) -> Scrape {
    let missing = |scrape: &Scrape| {
        let missing = sums.iter().find(|(name, value)| scrape.sum(name) != *value)?;
        Some(format!("{missing:?}"))
    };
    wait_for_scrape(address, missing).await
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_stay_when_workers_end() {
    let address = format!("127.0.0.1:{}", free_port());
    let stack = setup(2, &address).rpc_over_unix().start();
    let client = Client::connect_as(&stack, "42").await;
    for _ in 0..10 {
        client.rpc("echo", &json!(1)).await.expect("an echo");
    }
    client.rpc("own-metrics", &json!(null)).await.expect("metrics");
    let lines = [
        r#"shop_orders{name="a\"b\\c\nd{} ü"} 2"#,
        "shop_stock 7.5",
        r#"shop_payment_seconds_bucket{le="0.25"} 0"#,
        r#"shop_payment_seconds_bucket{le="0.5"} 1"#,
        r#"shop_payment_seconds_bucket{le="+Inf"} 1"#,
        "shop_payment_seconds_sum 0.3",
        "shop_items_count 1",
    ];
    let missing = |scrape: &Scrape| {
        let has = |line: &&str| scrape.text().lines().any(|found| found == *line);
        lines.iter().find(|line| !has(line)).map(ToString::to_string)
    };
    wait_for_scrape(&address, missing).await;
    // The watchdog ends the worker in the middle of the event.
    client
        .rpc("never-yields", &json!(null))
        .await
        .expect_err("an error");
    let timeouts = ("centrifugo_backend_handler_timeouts_total", 1.0);
    let scrape = wait_for_sums(&address, &[(EVENTS, 13.0), timeouts]).await;
    let theirs = centrifugo_counts(&Scrape::read(&http(&stack)));
    assert_eq!(backend_counts(&scrape), theirs);

    // Each worker reports once more when it ends. RoadRunner kills those that do not end first.
    let before = stack.workers();
    stack.reset();
    client.rpc("echo", &json!(1)).await.expect("an echo");
    assert!(stack.workers().iter().all(|pid| !before.contains(pid)));
    let sums = [
        (EVENTS, 14.0),
        ("centrifugo_backend_events_in_flight", 0.0),
        ("centrifugo_backend_build_info", 1.0),
    ];
    wait_for_sums(&address, &sums).await;
    let log = stack.roadrunner.log();
    for line in ["already exist", "undefined collector"] {
        assert!(!log.contains(line), "`{line}` in {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_worker_logs_one_line_without_the_plugin() {
    let stack = Setup::new(env!("CARGO_BIN_EXE_backend")).workers(2).start();
    let client = Client::connect_as(&stack, "42").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(client.rpc("echo", &json!(1)).await, Ok(json!(1)));
    let log = stack.roadrunner.log();
    let lines: Vec<_> = log.lines().filter(|line| line.contains("metrics")).collect();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    for line in lines {
        let text = "metrics not reported: .rr.yaml has no `metrics` section";
        assert!(line.contains("INFO") && line.contains(text), "{line}");
    }
}
