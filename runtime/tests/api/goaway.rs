//! Calls that the gRPC API did not process: GOAWAY and REFUSED_STREAM (RFC 9113, sections 6.8 and 8.7).

use std::sync::atomic::Ordering;
use std::time::Duration;

use centrifugo::api::{Client, Delivery, ErrorKind};
use tokio::task::JoinSet;

use crate::http2::{Act, serve};
use crate::{fails, soon};

const REFUSED_STREAM: u32 = 7;
const INTERNAL_ERROR: u32 = 2;

fn client(address: &str) -> Client {
    Client::grpc(address).build().unwrap()
}

/// What calls that are made at once end with.
async fn at_once(client: &Client, count: usize) -> Vec<Result<(), (ErrorKind, Delivery)>> {
    let mut calls = JoinSet::new();
    for number in 0..count {
        calls.spawn(client.publish("news", &number).into_future());
    }
    let mut results = Vec::new();
    while let Some(done) = soon(calls.join_next()).await {
        let result = done.unwrap();
        results.push(result.map(drop).map_err(|error| (error.kind(), error.delivery())));
    }
    results
}

#[tokio::test]
async fn resends_calls_above_the_last_stream() {
    for end in [Act::GoAway, Act::GoAwayAndClose] {
        // As nginx does after 1,000 requests.
        let (address, seen) = serve(move |_, call| match call {
            0..30 => Act::Answer,
            _ => end.clone(),
        })
        .await;
        let results = at_once(&client(&address), 100).await;
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        let connections = seen.connections.load(Ordering::SeqCst);
        assert!((4..=100).contains(&connections), "{connections}");
    }
}

#[tokio::test]
async fn reports_calls_up_to_the_last_stream_as_unknown() {
    let (address, seen) = serve(|connection, call| match (connection, call) {
        (0, 5) => Act::GoAwayAndClose,
        (0, _) => Act::Silence,
        _ => Act::Answer,
    })
    .await;
    let mut results = at_once(&client(&address), 20).await;
    results.sort_by_key(Result::is_ok);
    let (lost, answered) = results.split_at(5);
    assert!(
        lost.iter()
            .all(|result| *result == Err((ErrorKind::Lost, Delivery::Unknown))),
        "{lost:?}"
    );
    assert!(answered.iter().all(Result::is_ok), "{answered:?}");
    assert_eq!(seen.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn resends_refused_streams_only() {
    let (address, seen) = serve(|_, call| match call {
        0 | 1 => Act::Reset(REFUSED_STREAM),
        _ => Act::Answer,
    })
    .await;
    soon(client(&address).publish("news", &1)).await.unwrap();
    assert_eq!(seen.calls.load(Ordering::SeqCst), 3);

    let (address, seen) = serve(|_, _| Act::Reset(INTERNAL_ERROR)).await;
    let error = fails(client(&address).publish("news", &1)).await;
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Lost, Delivery::Unknown)
    );
    assert_eq!(seen.calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn backs_off_from_a_peer_that_processes_nothing() {
    for act in [Act::GoAway, Act::Reset(REFUSED_STREAM)] {
        let (address, seen) = serve(move |_, _| act.clone()).await;
        let call = client(&address)
            .publish("news", &1)
            .timeout(Duration::from_secs(2));
        let error = fails(call).await;
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Lost, Delivery::NotSent),
            "{error}"
        );
        assert!(error.to_string().contains("did not process"), "{error}");
        let attempts = seen.calls.load(Ordering::SeqCst);
        assert!((2..20).contains(&attempts), "{attempts}");
    }
}
