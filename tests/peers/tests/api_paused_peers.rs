//! Call timeouts while a peer is paused.

mod support;

use std::time::{Duration, Instant};

use centrifugo::api::{Client as Api, Delivery, ErrorKind};
use futures_util::future::join_all;
use peers::{Process, Stack};
use support::api::{ApiPeers, ApiTransport, over_each_transport};

over_each_transport!(times_out_while_centrifugo_is_paused);

const LIMIT: Duration = Duration::from_millis(300);

/// Checks that calls time out while the peer is paused and that the next call succeeds.
async fn pause(stack: &Stack, api: &Api, peer: &Process) {
    let ann = peers::Client::connect_as(stack, "ann").await;
    let mut room = ann.subscribe("room:1");
    assert_eq!(room.outcome().await, "subscribed ");
    api.publish("room:1", &"before").await.expect("published");
    peer.pause();
    let start = Instant::now();
    let calls = (0..100).map(|_| api.publish("room:1", &"meanwhile").timeout(LIMIT).into_future());
    let results = join_all(calls).await;
    let took = start.elapsed();
    assert!(
        (LIMIT..LIMIT + Duration::from_millis(500)).contains(&took),
        "{took:?}"
    );
    for result in results {
        let error = result.expect_err("nobody answers");
        assert_eq!(
            (error.kind(), error.delivery(), error.is_temporary()),
            (ErrorKind::TimedOut, Delivery::Unknown, true),
            "{error}"
        );
        let text = error.to_string();
        assert!(
            text.contains("300ms") && text.contains("may have been carried out"),
            "{text}"
        );
    }
    peer.resume();
    api.publish("room:1", &"after").await.expect("published");
    // Each call was carried out at most once.
    let mut meanwhile = 0;
    assert_eq!(room.publication().await.0, "before");
    loop {
        match tokio::time::timeout(Duration::from_secs(1), room.publication()).await {
            Ok((data, _)) if data == "meanwhile" => meanwhile += 1,
            Ok((data, _)) => assert_eq!(data, "after"),
            Err(_) => break,
        }
    }
    assert!(meanwhile <= 100, "{meanwhile}");
}

async fn times_out_while_centrifugo_is_paused(peers: ApiPeers) {
    pause(&peers.stack, &peers.api, &peers.stack.centrifugo).await;
    // A new client has not had a connection to the peer yet.
    let fresh = peers
        .way
        .client(&peers.stack)
        .timeout(LIMIT)
        .build()
        .expect("a client");
    peers.stack.centrifugo.pause();
    let start = Instant::now();
    let error = fresh.info().await.expect_err("nobody answers");
    assert!(start.elapsed() < LIMIT + Duration::from_millis(500));
    assert!(error.is_temporary(), "{error}");
    peers.stack.centrifugo.resume();
    fresh.info().timeout(Duration::from_secs(10)).await.expect("info");
}

#[tokio::test(flavor = "multi_thread")]
async fn times_out_while_roadrunner_is_paused() {
    let peers = ApiPeers::start(env!("CARGO_BIN_EXE_backend"), ApiTransport::RoadRunner);
    pause(&peers.stack, &peers.api, &peers.stack.roadrunner).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fails_when_nobody_listens() {
    for way in ApiTransport::ALL {
        let mut peers = ApiPeers::start(env!("CARGO_BIN_EXE_backend"), way);
        peers.api.info().await.expect("info");
        peers.stack.roadrunner.kill();
        peers.stack.centrifugo.kill();
        // The first call may use the connection that is about to break.
        let (mut error, mut start) = (None, Instant::now());
        for _ in 0..3 {
            start = Instant::now();
            let call = peers.api.publish("room:1", &1).timeout(LIMIT);
            let failed = call.await.expect_err("nobody");
            let is_lost = (failed.kind(), failed.delivery()) == (ErrorKind::Lost, Delivery::Unknown);
            error = Some(failed);
            if !is_lost {
                break;
            }
        }
        let error = error.expect("a call");
        assert!(start.elapsed() < LIMIT + Duration::from_millis(500));
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::NotConnected, Delivery::NotSent),
            "{way:?}: {error}"
        );
    }
}
