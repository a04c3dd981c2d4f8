//! A thousand concurrent calls on one client, over each transport.

mod support;

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use support::api::{ApiPeers, over_each_transport};

over_each_transport!(
    answers_a_thousand_concurrent_calls,
    serves_other_calls_after_dropped_calls
);

const CALLS: u64 = 1000;

async fn answers_a_thousand_concurrent_calls(peers: ApiPeers) {
    let ann = peers.user("ann").await;
    let mut room = ann.subscribe("sure:1");
    assert_eq!(room.outcome().await, "subscribed ");
    let start = Instant::now();
    let calls = (0..CALLS).map(|number| peers.api.publish("sure:1", &number).into_future());
    let mut offsets: Vec<_> = join_all(calls)
        .await
        .into_iter()
        .map(|published| published.expect("published").offset)
        .collect();
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    offsets.sort_unstable();
    assert!(offsets.into_iter().eq(1..=CALLS));
    let mut seen = Vec::new();
    for _ in 0..CALLS {
        seen.push(room.publication().await.0.as_u64().expect("a number"));
    }
    seen.sort_unstable();
    assert!(seen.into_iter().eq(0..CALLS));

    // Each call gets its own answer, whatever its method and length.
    let mixed = (0..CALLS).map(async |number| match number % 3 {
        0 => {
            let page = peers.api.history("sure:1").limit(number as u32 + 1).await;
            assert_eq!(page.expect("a history").publications.len() as u64, number + 1);
        }
        1 => {
            let stats = peers.api.presence_stats("sure:1").await.expect("statistics");
            assert_eq!(stats.num_users, 1);
        }
        _ => {
            let error = peers
                .api
                .publish("nowhere:1", &number)
                .await
                .expect_err("unknown");
            assert_eq!(error.code(), Some(102));
        }
    });
    join_all(mixed).await;
}

/// Dropped calls do not affect the connection.
async fn serves_other_calls_after_dropped_calls(peers: ApiPeers) {
    for round in 0..20 {
        let calls = (0..50).map(|number| {
            let call = peers.api.publish("room:1", &number).into_future();
            tokio::time::timeout(Duration::from_micros(round * 100), call)
        });
        join_all(calls).await;
        let published = peers.api.publish("room:1", &"after").await.expect("published");
        let last = peers
            .api
            .history("room:1")
            .limit(1)
            .reverse()
            .await
            .expect("a history");
        assert!(last.offset >= published.offset);
    }
}
