//! Ten thousand concurrent streams on one process.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::Instant;

use support::stream_client::OpenStream;
use support::{Client, Program, outcome_text};
use tokio::task::JoinSet;

const STREAMS: usize = 10_000;

async fn open(client: &Client, is_two_way: bool) -> OpenStream {
    let mut stream = if is_two_way {
        client.open_two_way("two-way-clock:a").await.unwrap()
    } else {
        client.open_one_way("clock:a").await.unwrap()
    };
    assert!(stream.response.result.is_some());
    stream.next().await.unwrap().unwrap();
    stream
}

async fn open_and_publish_to_many(is_two_way: bool) {
    let program = Program::start_binary(env!("CARGO_BIN_EXE_streams"), &[]);
    let client = program.client().await;
    let before = program.memory().resident_kb;
    let start = Instant::now();
    let mut opening = JoinSet::new();
    let mut streams = Vec::new();
    for _ in 0..STREAMS {
        let client = client.clone();
        opening.spawn(async move { open(&client, is_two_way).await });
        // 200 streams open at a time.
        if opening.len() == 200 {
            streams.push(opening.join_next().await.unwrap().unwrap());
        }
    }
    streams.extend(opening.join_all().await);
    let opened = start.elapsed();
    let each = (program.memory().resident_kb - before) * 1024 / STREAMS;

    // One state change publishes to all streams.
    let start = Instant::now();
    assert_eq!(
        outcome_text(&client.rpc("tick", "null").await.unwrap()),
        STREAMS.to_string()
    );
    for stream in &mut streams {
        assert_eq!(stream.next().await.unwrap().unwrap(), "1");
    }
    let published = start.elapsed();
    // On two-way streams, each client also publishes.
    for stream in streams.iter_mut().filter(|_| is_two_way) {
        stream.publish("7");
        assert_eq!(stream.next().await.unwrap().unwrap(), "7");
    }
    let ways = if is_two_way { "two-way" } else { "one-way" };
    eprintln!(
        "{STREAMS} streams, {ways}: {each} bytes each, opened in {opened:?}, one publication each after {published:?}"
    );
    assert!(each < 40_000, "{each} bytes a stream");
    drop(streams);
    let start = Instant::now();
    while outcome_text(&client.rpc("tick", "null").await.unwrap()) != "0" {
        assert!(start.elapsed().as_secs() < 10, "streams are still open");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_ten_thousand_one_way_streams() {
    open_and_publish_to_many(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_ten_thousand_two_way_streams() {
    open_and_publish_to_many(true).await;
}
