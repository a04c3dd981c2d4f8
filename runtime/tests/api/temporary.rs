//! Answers that are temporary errors: calls with an idempotency key are sent again within their limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use centrifugo::api::{Client, Delivery};
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::{fails, soon};

const INTERNAL: &str = r#"{"error":{"code":100,"message":"internal server error"}}"#;
const THROTTLED: &str = r#"{"error":{"code":111,"message":"too many requests"}}"#;
const DONE: &str = r#"{"result":{"offset":5}}"#;

/// Answers requests in turn, and the last answer from then on. Returns the number of requests.
async fn serve(answers: &'static [(u16, &'static str)]) -> (Client, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let count = count.clone();
            let service = service_fn(move |_: Request<Incoming>| {
                let number = count.fetch_add(1, Ordering::SeqCst);
                let (status, text) = answers[number.min(answers.len() - 1)];
                let mut response = Response::new(Full::new(Bytes::from(text)));
                *response.status_mut() = status.try_into().unwrap();
                std::future::ready(Ok::<_, hyper::Error>(response))
            });
            let server = hyper::server::conn::http1::Builder::new();
            tokio::spawn(server.serve_connection(TokioIo::new(stream), service));
        }
    });
    (Client::http(address).build().unwrap(), requests)
}

#[tokio::test]
async fn resends_a_call_with_a_key() {
    for answers in [
        &[(200, INTERNAL), (200, THROTTLED), (200, DONE)],
        // With `http_api.error_mode: transport`, and by a proxy.
        &[
            (500, r#"{"code":100,"message":"internal server error"}"#),
            (429, "slow down"),
            (200, DONE),
        ],
    ] {
        let (client, requests) = serve(answers).await;
        let call = client.publish("news", &1).idempotency_key("k");
        assert_eq!(soon(call).await.unwrap().offset, 5);
        assert_eq!(requests.load(Ordering::SeqCst), 3);
    }
}

#[tokio::test]
async fn does_not_resend_a_call_without_a_key() {
    for (answers, code, delivery) in [
        (&[(200, INTERNAL)], Some(100), Delivery::Unknown),
        (&[(200, THROTTLED)], Some(111), Delivery::Refused),
        (&[(429, "")], None, Delivery::Refused),
    ] {
        let (client, requests) = serve(answers).await;
        let error = fails(client.publish("news", &1)).await;
        assert_eq!(
            (error.code(), error.delivery(), error.is_temporary()),
            (code, delivery, true)
        );
        assert_eq!(requests.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn returns_the_last_error_at_the_limit() {
    let (client, requests) = serve(&[(200, INTERNAL)]).await;
    let limit = Duration::from_secs(1);
    let start = Instant::now();
    let error = fails(client.publish("news", &1).idempotency_key("k").timeout(limit)).await;
    assert!(start.elapsed() < limit * 3);
    assert_eq!((error.code(), error.delivery()), (Some(100), Delivery::Unknown));
    let requests = requests.load(Ordering::SeqCst);
    assert!((2..20).contains(&requests), "{requests}");
}

#[tokio::test]
async fn ends_with_other_errors_and_keeps_the_delivery_unknown() {
    let (client, requests) = serve(&[
        (200, INTERNAL),
        (200, r#"{"error":{"code":102,"message":"unknown channel"}}"#),
    ])
    .await;
    let error = fails(client.publish("news", &1).idempotency_key("k")).await;
    assert_eq!((error.code(), error.delivery()), (Some(102), Delivery::Unknown));
    assert_eq!(requests.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn resends_a_broadcast_and_a_batch_that_failed_in_part() {
    let (client, requests) = serve(&[
        (
            200,
            r#"{"result":{"responses":[{"result":{"offset":7}},{"error":{"code":100,"message":"internal server error"}}]}}"#,
        ),
        (
            200,
            r#"{"result":{"responses":[{"result":{"offset":7}},{"result":{"offset":8}}]}}"#,
        ),
    ])
    .await;
    let results = soon(client.broadcast(["a", "b"], &1).idempotency_key("k"))
        .await
        .unwrap();
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(requests.load(Ordering::SeqCst), 2);

    let (client, requests) = serve(&[
        (
            200,
            r#"{"replies":[{"publish":{"offset":3}},{"error":{"code":100,"message":"internal server error"}}]}"#,
        ),
        (
            200,
            r#"{"replies":[{"publish":{"offset":3}},{"publish":{"offset":4}}]}"#,
        ),
    ])
    .await;
    let mut batch = client.batch();
    batch.add(client.publish("a", &1).idempotency_key("k"));
    let second = batch.add(client.publish("b", &1).idempotency_key("k"));
    let mut replies = soon(batch).await.unwrap();
    assert_eq!(replies.take(second).unwrap().offset, 4);
    assert_eq!(requests.load(Ordering::SeqCst), 2);

    // One call without a key: it might be carried out twice.
    let (client, requests) = serve(&[(
        200,
        r#"{"replies":[{"publish":{"offset":3}},{"error":{"code":100,"message":"internal server error"}}]}"#,
    )])
    .await;
    let mut batch = client.batch();
    batch.add(client.publish("a", &1).idempotency_key("k"));
    let second = batch.add(client.publish("b", &1));
    let mut replies = soon(batch).await.unwrap();
    assert_eq!(replies.take(second).unwrap_err().code(), Some(100));
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}
