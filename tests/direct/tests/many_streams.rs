//! Ten thousand streams at once on one process.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::fs;
use std::time::Instant;

use support::stream::Opened;
use support::{Client, Program, seen};
use tokio::task::JoinSet;

const STREAMS: usize = 10_000;

/// Resident memory of a process, in bytes.
fn memory(pid: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    let kib: usize = line.trim().trim_end_matches(" kB").parse().unwrap();
    kib * 1024
}

async fn open(client: &Client, two_ways: bool) -> Opened {
    let mut stream = if two_ways {
        client.two_ways("two-way-clock:a").await.unwrap()
    } else {
        client.one_way("clock:a").await.unwrap()
    };
    assert!(stream.response.result.is_some());
    stream.next().await.unwrap().unwrap();
    stream
}

async fn many(two_ways: bool) {
    let program = Program::start_of(env!("CARGO_BIN_EXE_streams"), &[]);
    let client = program.client().await;
    let before = memory(program.id());
    let start = Instant::now();
    let mut opening = JoinSet::new();
    let mut streams = Vec::new();
    for _ in 0..STREAMS {
        let client = client.clone();
        opening.spawn(async move { open(&client, two_ways).await });
        // Some at a time, as clients come.
        if opening.len() == 200 {
            streams.push(opening.join_next().await.unwrap().unwrap());
        }
    }
    streams.extend(opening.join_all().await);
    let opened = start.elapsed();
    let each = (memory(program.id()) - before) / STREAMS;

    // One event for all of them.
    let start = Instant::now();
    assert_eq!(
        seen(&client.rpc("tick", "null").await.unwrap()),
        STREAMS.to_string()
    );
    for stream in &mut streams {
        assert_eq!(stream.next().await.unwrap().unwrap(), "1");
    }
    let told = start.elapsed();
    // And a publication of each client's own, where it has a way.
    for stream in streams.iter_mut().filter(|_| two_ways) {
        stream.say("7");
        assert_eq!(stream.next().await.unwrap().unwrap(), "7");
    }
    let ways = if two_ways { "two ways" } else { "one way" };
    eprintln!("{STREAMS} streams, {ways}: {each} bytes each, opened in {opened:?}, all told in {told:?}");
    assert!(each < 40_000, "{each} bytes a stream");
    drop(streams);
    let start = Instant::now();
    while seen(&client.rpc("tick", "null").await.unwrap()) != "0" {
        assert!(start.elapsed().as_secs() < 10, "streams are left");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_way() {
    many(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_ways() {
    many(true).await;
}
