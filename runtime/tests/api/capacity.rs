//! Calls beyond those that may be under way at once.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use centrifugo::api::{Client, Delivery, ErrorKind};
use tokio::task::JoinSet;

use crate::http2::{Act, serve};
use crate::soon;

/// As the guide says.
const AT_ONCE: usize = 1024;

#[tokio::test]
async fn fails_calls_without_a_turn_as_not_sent() {
    let (address, seen) = serve(|_, _| Act::Silence).await;
    let client = Client::grpc(address)
        .timeout(Duration::from_secs(2))
        .build()
        .unwrap();
    let mut calls = JoinSet::new();
    for number in 0..2 * AT_ONCE {
        calls.spawn(client.publish("news", &number).into_future());
    }
    let (mut sent, mut not_sent) = (0, 0);
    while let Some(done) = soon(calls.join_next()).await {
        let error = done.unwrap().unwrap_err();
        match (error.kind(), error.delivery()) {
            // Those that get their turn at the last moment wait for another connection.
            (ErrorKind::TimedOut | ErrorKind::NotConnected, Delivery::NotSent) => not_sent += 1,
            (ErrorKind::TimedOut, Delivery::Unknown) => sent += 1,
            _ => panic!("{error}"),
        }
    }
    // The peer, which never says how many streams it takes, gets fewer than may be under way. The first calls to time out give
    // their turns to others, whose time is not over yet if the machine was too busy to start all at once.
    let most = AT_ONCE + AT_ONCE / 4;
    assert!((1..=most).contains(&sent), "{sent}, {not_sent}");
    assert_eq!(sent + not_sent, 2 * AT_ONCE);
    assert!(seen.calls.load(Ordering::SeqCst) <= most);
}

#[tokio::test]
async fn lets_calls_wait_for_their_turn() {
    let (address, seen) = serve(|_, _| Act::Answer).await;
    let client = Client::grpc(address).build().unwrap();
    let mut calls = JoinSet::new();
    for number in 0..3 * AT_ONCE {
        calls.spawn(client.publish("news", &number).into_future());
    }
    while let Some(done) = soon(calls.join_next()).await {
        done.unwrap().unwrap();
    }
    assert_eq!(seen.calls.load(Ordering::SeqCst), 3 * AT_ONCE);
}

/// Calls that are given up may cost memory as long as their connection is open.
#[tokio::test]
async fn replaces_a_connection_on_which_many_calls_were_given_up() {
    let (address, seen) = serve(|_, _| Act::Ping).await;
    let client = Client::grpc(address)
        .timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let start = Instant::now();
    while seen.connections.load(Ordering::SeqCst) < 4 {
        let mut calls = JoinSet::new();
        for number in 0..250 {
            calls.spawn(client.publish("news", &number).into_future());
        }
        while let Some(done) = soon(calls.join_next()).await {
            done.unwrap().unwrap_err();
        }
        assert!(start.elapsed() < Duration::from_secs(60));
    }
    let calls = seen.calls.load(Ordering::SeqCst);
    assert!((2000..10_000).contains(&calls), "{calls}");
}
