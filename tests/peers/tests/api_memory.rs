//! The memory of a client whose peer does not answer.
//!
//! This file has a single test, because it measures the memory of the process.

mod support;

use std::time::Duration;

use centrifugo::api::{Client as Api, Delivery};
use futures_util::future::join_all;
use support::api::{ApiTransport, setup};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

/// The maximum growth in KiB.
const MAX_GROWTH_KIB: usize = 20 * 1024;
const AT_ONCE: usize = 500;
const LIMIT: Duration = Duration::from_millis(20);
/// Memory that is not freed adds up over the rounds.
const ROUNDS: usize = 50;

/// Returns the resident memory in KiB.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("a status");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .expect("a size");
    line.split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse().ok())
        .expect("a number")
}

/// Makes many calls that are not answered. Returns the maximum growth of memory in KiB.
async fn growth(api: &Api, data: &str) -> usize {
    let before = resident();
    let (mut most, mut sent) = (0, 0);
    for _ in 0..ROUNDS {
        let calls = (0..AT_ONCE).map(|_| api.publish("room:1", data).timeout(LIMIT).into_future());
        for result in join_all(calls).await {
            let error = result.expect_err("nobody answers");
            assert!(error.is_temporary(), "{error}");
            sent += usize::from(error.delivery() == Delivery::Unknown);
        }
        most = most.max(resident().saturating_sub(before));
    }
    assert!(sent > 0, "no call left");
    most
}

/// Starts a peer that reads and never answers. Returns its address.
async fn reader() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut bytes = vec![0; 16 * 1024];
                while stream.read(&mut bytes).await.is_ok_and(|n| n > 0) {}
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn bounds_memory_without_answers() {
    let small = "x".repeat(100);
    let large = "x".repeat(10_000);
    let mut measured = Vec::new();
    for way in ApiTransport::ALL {
        let stack = setup(env!("CARGO_BIN_EXE_backend")).start();
        let api = way.client(&stack).build().expect("a client");
        api.publish("room:1", &1).await.expect("published");
        for peer in [&stack.centrifugo, &stack.roadrunner] {
            if way != ApiTransport::RoadRunner && std::ptr::eq(peer, &stack.roadrunner) {
                continue;
            }
            peer.pause();
            for data in [&small, &large] {
                let case = format!("{way:?}, {} paused, {} bytes", peer.name(), data.len());
                measured.push((case, growth(&api, data).await));
            }
            peer.resume();
            let call = api.publish("room:1", &2).timeout(Duration::from_secs(30));
            call.await.expect("published after the pause");
        }

        let address = reader().await;
        let api = match way {
            ApiTransport::RoadRunner => Api::roadrunner(format!("tcp://{address}")),
            ApiTransport::Grpc => Api::grpc(format!("grpc://{address}")),
            ApiTransport::Http => Api::http(format!("http://{address}")),
        };
        let api = api.build().expect("a client");
        measured.push((format!("{way:?}, reading"), growth(&api, &small).await));
    }
    for (case, kib) in &measured {
        println!("{case}: {kib} KiB");
    }
    assert!(
        measured.iter().all(|(_, kib)| *kib <= MAX_GROWTH_KIB),
        "{measured:?}"
    );
}
