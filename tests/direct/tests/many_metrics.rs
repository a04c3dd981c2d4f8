//! The metrics of a thousand handlers: memory, large pages, and labels with any bytes.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use support::{Client, Program, outcome_text};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const HANDLERS: usize = 1000;
/// What the handlers do, as often as this list says.
const OUTCOMES: [&str; 6] = ["ok", "error", "disconnect", "internal", "panic", "timeout"];
/// How many events are in flight at once.
const IN_FLIGHT: usize = 64;

fn start() -> (Program, SocketAddr) {
    let program = Program::start_binary(
        env!("CARGO_BIN_EXE_many_handlers"),
        &[
            ("WORKER_METRICS_LISTEN", "127.0.0.1:0"),
            ("WORKER_HANDLER_TIMEOUT", "50ms"),
            ("RUST_BACKTRACE", "0"),
        ],
    );
    let log = program.log.wait_for("serving metrics");
    let rest = log.split("serving metrics address=").nth(1).unwrap();
    let address = rest.split_whitespace().next().unwrap().parse().unwrap();
    (program, address)
}

/// Sends the events with these numbers. The first events of the numbers have every outcome of every handler. Later ones mostly
/// succeed.
async fn send(client: &Client, numbers: std::ops::Range<usize>) {
    let mut calls = JoinSet::new();
    for number in numbers {
        if calls.len() == IN_FLIGHT {
            calls.join_next().await.unwrap().unwrap();
        }
        let client = client.clone();
        calls.spawn(async move {
            let round = number / HANDLERS;
            let outcome = match OUTCOMES.get(round) {
                Some(outcome) => outcome,
                None if number.is_multiple_of(50) => OUTCOMES[round % OUTCOMES.len()],
                None => "ok",
            };
            let method = format!("h{}", number % HANDLERS);
            client.rpc(&method, &format!("\"{outcome}\"")).await.unwrap();
        });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }
}

/// Sends a request that closes its connection.
async fn open(address: SocketAddr, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: here\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Returns the status and the body.
async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let mut response = String::new();
    open(address, path)
        .await
        .read_to_string(&mut response)
        .await
        .unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// Sends `EVENTS` events, 30,000 by default. `EVENTS=1000000 cargo test --release` is the number of BENCHMARKS.md.
#[tokio::test(flavor = "multi_thread")]
async fn memory_is_flat_with_a_thousand_handlers_and_all_labels() {
    let events = std::env::var("EVENTS").map_or(30_000, |text| text.parse().unwrap());
    let (program, address) = start();
    let client = program.client().await;
    let warm_up = (HANDLERS * OUTCOMES.len() * 2).min(events);
    send(&client, 0..warm_up).await;
    for _ in 0..3 {
        get(address, "/metrics").await;
    }
    let before = program.memory().resident_kb;
    let start = Instant::now();
    let mut sent = warm_up;
    while sent < events {
        let end = (sent + 10_000).min(events);
        send(&client, sent..end).await;
        sent = end;
        get(address, "/metrics").await;
    }
    let rate = (events - warm_up) as f64 / start.elapsed().as_secs_f64();
    let (_, page) = get(address, "/metrics").await;
    let counts = page
        .lines()
        .filter(|line| line.starts_with("centrifugo_backend_events_total{"));
    assert_eq!(counts.clone().count(), HANDLERS * OUTCOMES.len());
    let total: usize = counts
        .map(|line| line.rsplit(' ').next().unwrap().parse::<usize>().unwrap())
        .sum();
    assert_eq!(total, events);
    let after = program.memory().resident_kb;
    eprintln!(
        "{events} events: {before} kB after {warm_up}, {after} kB at the end; a page of {} kB; {rate:.0} events/s",
        page.len() / 1024
    );
    assert!(after < before + 16 * 1024, "{before} kB, then {after} kB");
}

#[tokio::test(flavor = "multi_thread")]
async fn scrapers_that_read_slowly_or_never_delay_no_event_and_are_closed() {
    let (program, address) = start();
    let client = program.client().await;
    send(&client, 0..HANDLERS * OUTCOMES.len()).await;
    let (_, page) = get(address, "/metrics").await;
    // More than the buffers of a socket hold.
    assert!(page.len() > 8 << 20, "{} bytes", page.len());
    let before = program.memory();

    let mut scrapers = Vec::new();
    for _ in 0..4 {
        scrapers.push(open(address, "/metrics").await);
    }
    // The first reads slowly, the others never.
    let mut slow = scrapers.remove(0);
    let slow = tokio::spawn(async move {
        let (start, mut buffer) = (Instant::now(), [0; 4096]);
        while slow.read(&mut buffer).await.is_ok_and(|len| len > 0) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        start.elapsed()
    });
    let end = Instant::now() + Duration::from_secs(5);
    while get(address, "/metrics").await.0 != 503 {
        assert!(Instant::now() < end, "the scrapers have been answered");
    }
    // Events and probes go on.
    for _ in 0..50 {
        let start = Instant::now();
        assert_eq!(outcome_text(&client.rpc("h0", "\"ok\"").await.unwrap()), "");
        assert!(
            start.elapsed() < Duration::from_millis(500),
            "{:?}",
            start.elapsed()
        );
    }
    assert_eq!(get(address, "/livez").await.0, 200);
    let grown = program.memory().peak_kb.saturating_sub(before.resident_kb);
    eprintln!("four pages that are not read: {grown} kB");
    assert!(grown < 8 * page.len() / 1024, "{grown} kB");

    // After ten seconds the connections are closed, whatever they have read.
    let end = Instant::now() + Duration::from_secs(15);
    while get(address, "/metrics").await.0 != 200 {
        assert!(Instant::now() < end, "scrapers that do not read hold their place");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    drop(scrapers);
    slow.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_with_any_bytes_are_escaped() {
    let (program, address) = start();
    let client = program.client().await;
    for method in ["keyword", "größe"] {
        client.rpc(method, "null").await.unwrap();
    }
    let text = "a\"b\\c\nd\r\u{0}\u{2028}é} 1";
    let data = serde_json::to_string(text).unwrap();
    assert_eq!(outcome_text(&client.rpc("label", &data).await.unwrap()), "");
    let (_, page) = get(address, "/metrics").await;
    let has = |line: &str| {
        assert!(
            page.split('\n').any(|found| found == line),
            "{line} is not in {page}"
        )
    };
    has("centrifugo_backend_events_total{kind=\"rpc\",handler=\"größe\",outcome=\"ok\"} 1");
    has("centrifugo_backend_events_total{kind=\"rpc\",handler=\"match\",outcome=\"ok\"} 1");
    // Prometheus' format escapes a quote, a backslash and a line feed, and nothing else.
    has("shop_orders_total{item=\"a\\\"b\\\\c\\nd\r\u{0}\u{2028}é} 1\"} 1");
}
