//! Centrifugo's gRPC API.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use centrifugo::api::{Client, Delivery, ErrorKind};
use centrifugo::proto::api::{PublishRequest, PublishResponse, PublishResult};
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message as _;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::{fails, soon};

const KEY: &str = "t0p-s3cret";

enum Answer {
    Echo,
    Status(u32, &'static str),
    Bytes(usize),
    /// Never.
    Silence,
    /// The whole connection ends.
    Hangup,
}

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    calls: AtomicUsize,
}

async fn serve(
    listener: TcpListener,
    answer: impl Fn(&PublishRequest) -> Answer + Send + Sync + Clone + 'static,
) -> Arc<Counts> {
    let counts = Arc::new(Counts::default());
    let shared = counts.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            shared.connections.fetch_add(1, Ordering::SeqCst);
            let (answer, counts, hangup) = (answer.clone(), shared.clone(), Arc::new(Notify::new()));
            let hung_up = hangup.clone();
            let service =
                service_fn(move |request: Request<Incoming>| {
                    let (answer, counts, hangup) = (answer.clone(), counts.clone(), hangup.clone());
                    async move {
                        assert_eq!(
                            request.uri().path(),
                            "/centrifugal.centrifugo.api.CentrifugoApi/Publish"
                        );
                        let key = request.headers().get("authorization").cloned();
                        let body = request.into_body().collect().await?.to_bytes();
                        assert_eq!(body[0], 0, "not compressed");
                        let request = PublishRequest::decode(&body[5..]).unwrap();
                        counts.calls.fetch_add(1, Ordering::SeqCst);
                        let mut answered = answer(&request);
                        if key.is_none_or(|key| key != format!("apikey {KEY}")) {
                            answered = Answer::Status(16, "unauthenticated");
                        }
                        let (message, status, text) = match answered {
                            Answer::Echo => {
                                let result = PublishResult {
                                    offset: request.version,
                                    epoch: String::new(),
                                };
                                let response = PublishResponse {
                                    error: None,
                                    result: Some(result),
                                };
                                (response.encode_to_vec(), 0, "")
                            }
                            Answer::Status(status, text) => (Vec::new(), status, text),
                            Answer::Bytes(len) => (vec![0; len], 0, ""),
                            Answer::Silence => std::future::pending().await,
                            Answer::Hangup => {
                                hangup.notify_one();
                                std::future::pending().await
                            }
                        };
                        let mut frame = Vec::new();
                        if status == 0 {
                            frame.push(0);
                            frame.extend((message.len() as u32).to_be_bytes());
                            frame.extend(message);
                        }
                        let mut trailers = HeaderMap::new();
                        trailers.insert("grpc-status", status.into());
                        trailers.insert("grpc-message", text.parse().unwrap());
                        let body = Full::new(Bytes::from(frame))
                            .with_trailers(std::future::ready(Some(Ok::<_, Infallible>(trailers))));
                        let mut response = Response::new(body);
                        response
                            .headers_mut()
                            .insert("content-type", "application/grpc".parse().unwrap());
                        Ok::<_, hyper::Error>(response)
                    }
                });
            let mut http = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            http.max_concurrent_streams(2000);
            let connection = http.serve_connection(TokioIo::new(stream), service);
            tokio::spawn(async move {
                tokio::select! {
                    _ = connection => {}
                    () = hung_up.notified() => {}
                }
            });
        }
    });
    counts
}

fn client(address: SocketAddr, key: &str) -> Client {
    Client::grpc(format!("grpc://{address}"))
        .key(key)
        .max_answer_len(100_000)
        .build()
        .unwrap()
}

async fn started(
    answer: impl Fn(&PublishRequest) -> Answer + Send + Sync + Clone + 'static,
) -> (Client, Arc<Counts>, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (client(address, KEY), serve(listener, answer).await, address)
}

#[tokio::test]
async fn a_thousand_calls_at_once_on_one_connection() {
    let (client, counts, _) = started(|_| Answer::Echo).await;
    let mut calls = JoinSet::new();
    for version in 1..=1000 {
        let call = client.publish("news", &version).version(version);
        calls.spawn(async move { (version, call.await) });
    }
    while let Some(done) = soon(calls.join_next()).await {
        let (version, result) = done.unwrap();
        assert_eq!(result.unwrap().offset, version);
    }
    assert_eq!(counts.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn statuses_and_limits() {
    let (client, _, address) = started(|request| match request.channel.as_str() {
        "unimplemented" => Answer::Status(12, "unknown method"),
        "large" => Answer::Bytes(200_000),
        "exhausted" => Answer::Status(8, "received message larger than max"),
        "unavailable" => Answer::Status(14, "gone"),
        "silence" => Answer::Silence,
        "hangup" => Answer::Hangup,
        _ => Answer::Echo,
    })
    .await;
    for (channel, kind, delivery) in [
        ("unimplemented", ErrorKind::Unsupported, Delivery::Refused),
        ("large", ErrorKind::TooLarge, Delivery::Unknown),
        ("exhausted", ErrorKind::Refused, Delivery::Refused),
        ("unavailable", ErrorKind::Lost, Delivery::Unknown),
        ("silence", ErrorKind::TimedOut, Delivery::Unknown),
        ("hangup", ErrorKind::Lost, Delivery::Unknown),
    ] {
        let error = fails(client.publish(channel, &1).timeout(Duration::from_secs(1))).await;
        assert_eq!(
            (error.kind(), error.delivery()),
            (kind, delivery),
            "{channel}: {error}"
        );
        // Whatever came before, the client goes on.
        assert_eq!(
            soon(client.publish("news", &1).version(4)).await.unwrap().offset,
            4
        );
    }
    let stranger = self::client(address, "wr0ng-key");
    let error = fails(stranger.publish("news", &1)).await;
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Refused, Delivery::Refused)
    );
    let text = format!("{error} {error:?} {stranger:?}");
    assert!(!text.contains("wr0ng-key"), "{text}");
}

#[tokio::test]
async fn a_lost_call_is_sent_again_only_with_a_key() {
    let calls = Arc::new(AtomicUsize::new(0));
    let (client, counts, _) = started(move |_| {
        if calls.fetch_add(1, Ordering::SeqCst) < 2 {
            Answer::Hangup
        } else {
            Answer::Echo
        }
    })
    .await;
    let error = fails(client.publish("news", &1)).await;
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Lost, Delivery::Unknown)
    );
    assert_eq!(counts.calls.load(Ordering::SeqCst), 1);
    let call = client.publish("news", &1).version(6).idempotency_key("k");
    assert_eq!(soon(call).await.unwrap().offset, 6);
    assert_eq!(counts.calls.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn dropped_calls_leave_the_connection_usable() {
    let (client, counts, _) = started(|request| match request.channel.as_str() {
        "silence" => Answer::Silence,
        _ => Answer::Echo,
    })
    .await;
    for round in 0..20 {
        let mut calls = JoinSet::new();
        for _ in 0..20 {
            calls.spawn(client.publish("silence", &"x".repeat(10_000)).into_future());
        }
        tokio::time::sleep(Duration::from_micros(round * 100)).await;
        drop(calls);
    }
    assert_eq!(
        soon(client.publish("news", &1).version(4)).await.unwrap().offset,
        4
    );
    assert_eq!(counts.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_call_that_was_never_sent_waits_for_the_server() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = client(address, KEY);
    let error = fails(client.publish("news", &1).timeout(Duration::from_millis(300))).await;
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::NotConnected, Delivery::NotSent)
    );
    let call = tokio::spawn(client.publish("news", &1).version(8).into_future());
    tokio::time::sleep(Duration::from_millis(200)).await;
    serve(TcpListener::bind(address).await.unwrap(), |_| Answer::Echo).await;
    assert_eq!(soon(call).await.unwrap().unwrap().offset, 8);
}
