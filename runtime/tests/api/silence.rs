//! Connections that stay open and say nothing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use centrifugo::api::{Client, ClientBuilder, Delivery, ErrorKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::http2::{Act, serve};
use crate::{fails, roadrunner, soon};

const SHORT: Duration = Duration::from_millis(300);

/// Answers HTTP requests, unless the connection is to be silent. Returns the number of connections.
async fn http(
    is_silent: impl Fn(usize) -> bool + Send + Sync + Clone + 'static,
) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let count = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let number = count.fetch_add(1, Ordering::SeqCst);
            let is_silent = is_silent.clone();
            tokio::spawn(http_connection(stream, move || is_silent(number)));
        }
    });
    (address, connections)
}

async fn http_connection(mut stream: TcpStream, is_silent: impl Fn() -> bool) {
    let mut seen = Vec::new();
    while stream.read_buf(&mut seen).await.is_ok_and(|n| n > 0) {
        if !seen.ends_with(b"}") {
            continue;
        }
        seen.clear();
        // Long enough for another call to need another connection.
        tokio::time::sleep(Duration::from_millis(20)).await;
        if !is_silent() {
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{\"result\":{}}";
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    }
}

/// A server of each transport whose first connection is silent, and how many connections it has had.
async fn first_is_silent() -> Vec<(ClientBuilder, Arc<dyn Fn() -> usize + Send + Sync>)> {
    let (grpc, seen) = serve(|connection, _| match connection {
        0 => Act::Silence,
        _ => Act::Answer,
    })
    .await;
    let (http, http_connections) = http(|connection| connection == 0).await;
    let (rpc, rpc_connections) = roadrunner::silent_first().await;
    vec![
        (
            Client::grpc(grpc),
            Arc::new(move || seen.connections.load(Ordering::SeqCst)),
        ),
        (
            Client::http(format!("http://{http}")),
            Arc::new(move || http_connections.load(Ordering::SeqCst)),
        ),
        (
            Client::roadrunner(format!("tcp://{rpc}")),
            Arc::new(move || rpc_connections.load(Ordering::SeqCst)),
        ),
    ]
}

#[tokio::test]
async fn opens_another_connection_after_a_timeout() {
    for (builder, connections) in first_is_silent().await {
        let client = builder.build().unwrap();
        let error = fails(client.publish("news", &1).timeout(SHORT)).await;
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::TimedOut, Delivery::Unknown),
            "{client:?}"
        );
        soon(client.publish("news", &2)).await.unwrap();
        assert_eq!(connections(), 2, "{client:?}");
    }
}

#[tokio::test]
async fn moves_a_call_with_a_key_to_another_connection() {
    for (builder, connections) in first_is_silent().await {
        let client = builder.build().unwrap();
        let call = client
            .publish("news", &1)
            .idempotency_key("k")
            .timeout(Duration::from_secs(4));
        soon(call).await.unwrap();
        assert_eq!(connections(), 2, "{client:?}");
    }
}

#[tokio::test]
async fn notices_silence_when_the_caller_drops_the_call() {
    for (builder, connections) in first_is_silent().await {
        let client = builder.timeout(Duration::from_secs(60)).build().unwrap();
        let call = client.publish("news", &1).into_future();
        let waited = tokio::time::timeout(Duration::from_millis(1500), call).await;
        assert!(waited.is_err());
        soon(client.publish("news", &2)).await.unwrap();
        assert_eq!(connections(), 2, "{client:?}");
    }
}

#[tokio::test]
async fn keeps_a_busy_connection_with_a_slow_call() {
    let (address, seen) = serve(|_, call| match call {
        0 => Act::Silence,
        _ => Act::Answer,
    })
    .await;
    let client = Client::grpc(address).build().unwrap();
    let call = client.publish("news", &1).idempotency_key("k").timeout(SHORT * 2);
    let slow = tokio::spawn(call.into_future());
    while seen.calls.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(Duration::from_millis(10)).await;
    soon(client.publish("news", &2)).await.unwrap();
    let error = soon(slow).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    soon(client.publish("news", &3)).await.unwrap();
    assert_eq!(seen.connections.load(Ordering::SeqCst), 1);
    assert_eq!(seen.calls.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn drops_idle_http_connections_that_are_silent_too() {
    let is_silent = Arc::new(AtomicBool::new(false));
    let (silence, count) = (is_silent.clone(), 4);
    let (address, connections) =
        http(move |connection| connection < count && silence.load(Ordering::SeqCst)).await;
    let client = Client::http(format!("http://{address}")).build().unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..count {
        calls.spawn(client.publish("news", &1).into_future());
    }
    while let Some(done) = soon(calls.join_next()).await {
        done.unwrap().unwrap();
    }
    assert_eq!(connections.load(Ordering::SeqCst), count);
    // What is between forgets all connections.
    is_silent.store(true, Ordering::SeqCst);
    fails(client.publish("news", &2).timeout(SHORT)).await;
    soon(client.publish("news", &3)).await.unwrap();
    assert_eq!(connections.load(Ordering::SeqCst), count + 1);
}
