//! Centrifugo's HTTP API.

mod pages;
mod together;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use centrifugo::api::{Client, Delivery, ErrorKind};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::{fails, soon};

const KEY: &str = "t0p-s3cret";

/// What one request brought.
struct Seen {
    path: String,
    key: String,
    body: Value,
}

type Answer = (u16, String);

/// Serves each request by `answer`; the number of connections so far.
async fn serve(
    answer: impl Fn(Seen) -> Answer + Send + Sync + Clone + 'static,
) -> (std::net::SocketAddr, Arc<AtomicUsize>) {
    serve_when(Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)), answer).await
}

/// Each request waits for a permit, which it keeps.
async fn serve_when(
    permits: Arc<Semaphore>,
    answer: impl Fn(Seen) -> Answer + Send + Sync + Clone + 'static,
) -> (std::net::SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let count = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let (answer, permits) = (answer.clone(), permits.clone());
            let service = service_fn(move |request: Request<Incoming>| {
                let (answer, permits) = (answer.clone(), permits.clone());
                async move {
                    assert_eq!(request.method(), "POST");
                    assert_eq!(request.headers()["content-type"], "application/json");
                    let path = request.uri().path().to_owned();
                    let key = request
                        .headers()
                        .get("x-api-key")
                        .map_or("", |key| key.to_str().unwrap())
                        .to_owned();
                    let body = request.into_body().collect().await?.to_bytes();
                    let body = serde_json::from_slice(&body).unwrap();
                    permits.acquire().await.unwrap().forget();
                    let (status, text) = answer(Seen { path, key, body });
                    let mut response = Response::new(Full::new(Bytes::from(text)));
                    *response.status_mut() = StatusCode::from_u16(status).unwrap();
                    Ok::<_, hyper::Error>(response)
                }
            });
            tokio::spawn(
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
            );
        }
    });
    (address, connections)
}

fn client(address: std::net::SocketAddr) -> Client {
    Client::http(format!("http://{address}"))
        .key(KEY)
        .max_answer_len(100_000)
        .build()
        .unwrap()
}

/// What a call sends.
async fn sent<T, E: std::fmt::Debug, F: IntoFuture<Output = Result<T, E>>>(
    call: impl FnOnce(Client) -> F,
) -> (String, Value) {
    let (give, take) = std::sync::mpsc::channel();
    let give = Arc::new(Mutex::new(give));
    let (address, _) = serve(move |seen| {
        assert_eq!(seen.key, KEY);
        give.lock().unwrap().send((seen.path, seen.body)).unwrap();
        (200, r#"{"result":{"replies":[]}}"#.into())
    })
    .await;
    let _ = soon(call(client(address))).await;
    take.try_recv().unwrap()
}

#[tokio::test]
async fn requests_are_as_centrifugo_documents_them() {
    let cases = [
        (
            sent(|c| {
                c.publish("news", &json!({"a": 1}))
                    .tag("by", "ann")
                    .skip_history()
                    .idempotency_key("k")
            })
            .await,
            "/api/publish",
            json!({"channel": "news", "data": {"a": 1}, "tags": {"by": "ann"}, "skip_history": true, "idempotency_key": "k"}),
        ),
        (
            sent(|c| c.publish_bytes("news", vec![0xff, 0xfe])).await,
            "/api/publish",
            json!({"channel": "news", "b64data": "//4="}),
        ),
        (
            sent(|c| c.publish("news", &())).await,
            "/api/publish",
            json!({"channel": "news", "data": null}),
        ),
        (
            sent(|c| c.broadcast(["a", "b"], &"x")).await,
            "/api/broadcast",
            json!({"channels": ["a", "b"], "data": "x"}),
        ),
        (
            sent(|c| {
                c.subscribe("42", "news")
                    .presence(false)
                    .info_bytes(vec![0])
                    .recover_since(3, "e")
            })
            .await,
            "/api/subscribe",
            json!({"user": "42", "channel": "news", "b64info": "AA==", "recover_since": {"offset": 3, "epoch": "e"}, "override": {"presence": {}}}),
        ),
        (
            sent(|c| c.disconnect("42").reason::<4501>("banned").keep(["c"])).await,
            "/api/disconnect",
            json!({"user": "42", "disconnect": {"code": 4501, "reason": "banned"}, "whitelist": ["c"]}),
        ),
        (
            sent(|c| c.history("news").limit(2).reverse()).await,
            "/api/history",
            json!({"channel": "news", "limit": 2, "reverse": true}),
        ),
        (
            sent(|c| c.presence_stats("news")).await,
            "/api/presence_stats",
            json!({"channel": "news"}),
        ),
        (sent(|c| c.info()).await, "/api/info", json!({})),
        (
            sent(|c| c.rpc("m", &[1, 2])).await,
            "/api/rpc",
            json!({"method": "m", "params": [1, 2]}),
        ),
        (
            sent(|c| c.map_publish("m", "k", &1).stream_data_bytes(vec![0]).score(-5)).await,
            "/api/map_publish",
            json!({"channel": "m", "key": "k", "data": 1, "b64stream_data": "AA==", "score": -5}),
        ),
        (
            sent(|c| {
                let mut batch = c.batch().parallel();
                batch.add(c.info());
                batch.add(c.publish_bytes("news", vec![0]));
                batch
            })
            .await,
            "/api/batch",
            json!({"parallel": true, "commands": [{"info": {}}, {"publish": {"channel": "news", "b64data": "AA=="}}]}),
        ),
    ];
    for ((path, body), expected_path, expected) in cases {
        assert_eq!(path, expected_path);
        assert_eq!(body, expected, "{path}");
    }
}

#[tokio::test]
async fn answers_are_read_as_centrifugo_writes_them() {
    let (address, _) = serve(|seen| {
        let text = match seen.path.as_str() {
            "/api/history" => {
                r#"{"result":{"publications":[{"data":{"big": 12345678901234567890.0},"offset":1,"tags":{"a":"b"}},{"data":null,"offset":2,"info":{"user":"42","client":"c","conn_info":{"n":1}}}],"epoch":"e","offset":18446744073709551615,"new":1}}"#
            }
            "/api/presence" => r#"{"result":{"presence":{"c":{"user":"42","client":"c"}}}}"#,
            "/api/channels" => r#"{"result":{"channels":null}}"#,
            "/api/broadcast" => {
                r#"{"result":{"responses":[{"result":{"offset":7,"epoch":"e"}},{"error":{"code":102,"message":"unknown channel"}}]}}"#
            }
            "/api/info" => {
                r#"{"result":{"nodes":[{"uid":"u","name":"n","version":"6","num_clients":1,"process":{"cpu":0.5,"rss":1},"metrics":{"interval":60,"items":{"a":1.5}}}]}}"#
            }
            "/api/batch" => {
                r#"{"replies":[{"publish":{"offset":3}},{"error":{"code":108,"message":"not available"}}]}"#
            }
            _ => r#"{"error":{"code":100,"message":"internal server error"}}"#,
        };
        (200, text.into())
    })
    .await;
    let client = client(address);
    let history = soon(client.history("news").all()).await.unwrap();
    assert_eq!(
        history.publications[0].data, r#"{"big": 12345678901234567890.0}"#,
        "unchanged to the byte"
    );
    assert_eq!(history.publications[1].data, "null");
    let info = history.publications[1].info.as_ref().unwrap();
    assert_eq!(info.conn_info_json::<Value>().unwrap(), json!({"n": 1}));
    assert_eq!(history.offset, u64::MAX);
    let presence = soon(client.presence("news")).await.unwrap().presence;
    assert_eq!(presence["c"].user, "42");
    assert!(soon(client.channels()).await.unwrap().channels.is_empty());
    let broadcast = soon(client.broadcast(["a", "b"], &1)).await.unwrap();
    assert_eq!(broadcast[0].as_ref().unwrap().offset, 7);
    assert_eq!(broadcast[1].as_ref().unwrap_err().code(), Some(102));
    let nodes = soon(client.info()).await.unwrap().nodes;
    assert_eq!(nodes[0].metrics.as_ref().unwrap().items["a"], 1.5);
    let mut batch = client.batch();
    let (first, second) = (batch.add(client.publish("a", &1)), batch.add(client.history("a")));
    let mut replies = soon(batch).await.unwrap();
    assert_eq!(replies.take(first).unwrap().offset, 3);
    assert_eq!(replies.take(second).unwrap_err().code(), Some(108));
    let error = soon(client.unsubscribe("42", "news")).await.unwrap_err();
    assert_eq!((error.code(), error.is_temporary()), (Some(100), true));
}

#[tokio::test]
async fn refusals() {
    let (address, _) = serve(|seen| {
        let status = seen.body["channel"].as_str().unwrap().parse().unwrap();
        let text = match status {
            404 => "404 page not found",
            400 => "Bad Request",
            416 => r#"{"code":112,"message":"unrecoverable position"}"#,
            200 => "<html>",
            201 => return (200, "x".repeat(200_000)),
            _ => "",
        };
        (status, text.into())
    })
    .await;
    let client = client(address);
    for (status, kind, delivery) in [
        ("401", ErrorKind::Refused, Delivery::Refused),
        ("400", ErrorKind::Refused, Delivery::Refused),
        ("404", ErrorKind::Unsupported, Delivery::Refused),
        ("416", ErrorKind::Answered, Delivery::Refused),
        ("500", ErrorKind::Lost, Delivery::Unknown),
        ("502", ErrorKind::Lost, Delivery::Unknown),
        ("200", ErrorKind::Unreadable, Delivery::Unknown),
        ("201", ErrorKind::TooLarge, Delivery::Unknown),
    ] {
        let error = fails(client.publish(status, &1)).await;
        assert_eq!((error.kind(), error.delivery()), (kind, delivery), "{error}");
        let text = format!("{error} {error:?} {client:?}");
        assert!(!text.contains(KEY), "{text}");
    }
}

#[tokio::test]
async fn a_lost_call_is_sent_again_only_with_a_key() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            // Body and header may come apart.
            let mut seen = Vec::new();
            while !seen.ends_with(b"}") {
                assert_ne!(stream.read_buf(&mut seen).await.unwrap(), 0);
            }
            if count.fetch_add(1, Ordering::SeqCst) == 2 {
                let body = r#"{"result":{"offset":5}}"#;
                let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    });
    let error = fails(client.publish("news", &1)).await;
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Lost, Delivery::Unknown)
    );
    assert_eq!(requests.load(Ordering::SeqCst), 1);
    let call = client.publish("news", &1).idempotency_key("k");
    assert_eq!(soon(call).await.unwrap().offset, 5);
    assert_eq!(requests.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_connection_that_was_closed_while_it_waited_is_not_used() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        for offset in 1..=3 {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut seen = Vec::new();
            while !seen.ends_with(b"}") {
                assert_ne!(stream.read_buf(&mut seen).await.unwrap(), 0);
            }
            let body = format!(r#"{{"result":{{"offset":{offset}}}}}"#);
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    for offset in 1..=3 {
        assert_eq!(soon(client.publish("news", &1)).await.unwrap().offset, offset);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server.await.unwrap();
}

#[tokio::test]
async fn a_call_that_was_never_sent_waits_and_one_that_was_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = client(address);
    let error = fails(client.publish("news", &1).timeout(Duration::from_millis(300))).await;
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::NotConnected, Delivery::NotSent)
    );
    let call = tokio::spawn(client.publish("news", &1).into_future());
    tokio::time::sleep(Duration::from_millis(200)).await;
    let listener = TcpListener::bind(address).await.unwrap();
    let (mut stream, _) = soon(listener.accept()).await.unwrap();
    let body = r#"{"result":{"offset":5}}"#;
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.read_buf(&mut Vec::new()).await.unwrap();
    stream.write_all(answer.as_bytes()).await.unwrap();
    assert_eq!(soon(call).await.unwrap().unwrap().offset, 5);

    // The same connection, which now says nothing.
    let error = fails(client.publish("news", &1).timeout(Duration::from_millis(200))).await;
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::TimedOut, Delivery::Unknown)
    );
}
