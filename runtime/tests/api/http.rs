//! Centrifugo's HTTP API.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use centrifugo::api::{Client, Delivery, Error, ErrorKind};
use centrifugo::proto::api::PublishResult;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

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

/// What Centrifugo answers to a publish, alone and in a batch: its version as the offset, error 100 for version 13.
fn published(seen: &Seen) -> Answer {
    let result = |call: &Value| match call["version"].as_u64() {
        Some(13) => Err(json!({ "code": 100, "message": "bad luck" })),
        version => Ok(json!({ "offset": version })),
    };
    let answer = match seen.path.as_str() {
        "/api/publish" => match result(&seen.body) {
            Ok(result) => json!({ "result": result }),
            Err(error) => json!({ "error": error }),
        },
        "/api/batch" => {
            assert_eq!(seen.body["parallel"], true);
            let reply = |command: &Value| match result(&command["publish"]) {
                Ok(result) => json!({ "publish": result }),
                Err(error) => json!({ "error": error }),
            };
            let replies: Vec<_> = commands(seen).iter().map(reply).collect();
            json!({ "replies": replies })
        }
        path => panic!("{path}"),
    };
    (200, answer.to_string())
}

fn commands(seen: &Seen) -> Vec<Value> {
    seen.body["commands"].as_array().cloned().unwrap_or_default()
}

/// Publishes that many at once, with versions from 1; their results by version.
async fn publish_at_once(client: &Client, count: u64) -> Vec<(u64, Result<PublishResult, Error>)> {
    let mut calls = JoinSet::new();
    for version in 1..=count {
        let call = client.publish("news", &version).version(version);
        calls.spawn(async move { (version, call.await) });
    }
    let mut results = soon(calls.join_all()).await;
    results.sort_by_key(|(version, _)| *version);
    results
}

#[tokio::test]
async fn a_thousand_calls_at_once_share_some_connections_and_requests() {
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    let (address, connections) = serve(move |seen| {
        count.fetch_add(1, Ordering::SeqCst);
        assert!(commands(&seen).len() <= 100);
        published(&seen)
    })
    .await;
    for (version, result) in publish_at_once(&client(address), 1000).await {
        match result {
            Ok(published) => assert_eq!(published.offset, version),
            Err(error) => assert_eq!((version, error.code()), (13, Some(100)), "{error}"),
        }
    }
    let (connections, requests) = (
        connections.load(Ordering::SeqCst),
        requests.load(Ordering::SeqCst),
    );
    // Eight, and ten batches; more where the machine is slow and nobody waits that long.
    assert!(connections <= 128, "{connections}");
    assert!((18..300).contains(&requests), "{requests}");
}

#[tokio::test]
async fn calls_that_are_given_up_while_they_wait_are_not_sent() {
    let permits = Arc::new(Semaphore::new(0));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let (address, _) = serve_when(permits.clone(), move |seen| {
        let versions = match seen.path.as_str() {
            "/api/publish" => vec![seen.body["version"].as_u64()],
            _ => commands(&seen)
                .iter()
                .map(|command| command["publish"]["version"].as_u64())
                .collect(),
        };
        log.lock().unwrap().push(versions);
        published(&seen)
    })
    .await;
    let client = client(address);
    let publish = |version| client.publish("news", &1).version(version);
    let mut first = JoinSet::new();
    for version in 1..=8 {
        first.spawn(publish(version).into_future());
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    // All wait for one of the eight; not for long.
    let dropped = tokio::spawn(publish(20).into_future());
    tokio::task::yield_now().await;
    dropped.abort();
    let late = publish(21).timeout(Duration::from_millis(5));
    let late = tokio::spawn(late.into_future());
    let mut others = JoinSet::new();
    for version in 22..=24 {
        others.spawn(publish(version).into_future());
    }
    let error = soon(late).await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::TimedOut, Delivery::NotSent)
    );
    permits.add_permits(9);
    for result in soon(first.join_all())
        .await
        .into_iter()
        .chain(soon(others.join_all()).await)
    {
        assert!(result.unwrap().offset > 0);
    }
    let mut seen = seen.lock().unwrap().clone();
    seen.sort();
    assert_eq!(seen.len(), 9, "{seen:?}");
    assert!(seen.contains(&vec![Some(22), Some(23), Some(24)]), "{seen:?}");
}

#[tokio::test]
async fn requests_that_hang_do_not_hold_up_the_others() {
    let permits = Arc::new(Semaphore::new(0));
    let (give, take) = std::sync::mpsc::channel();
    let give = Arc::new(Mutex::new(give));
    let (address, _) = serve_when(permits.clone(), move |seen| {
        give.lock().unwrap().send(commands(&seen).len()).unwrap();
        published(&seen)
    })
    .await;
    let client = client(address);
    let calls = tokio::spawn(async move { publish_at_once(&client, 30).await });
    // Nothing is answered until the ninth request is there, with all that wait.
    while permits.available_permits() == 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        permits.add_permits(9);
    }
    assert_eq!(soon(calls).await.unwrap().len(), 30);
    let mut sizes: Vec<_> = take.try_iter().collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [0, 0, 0, 0, 0, 0, 0, 0, 22]);
}

#[tokio::test]
async fn where_batches_are_refused_calls_go_alone() {
    for status in [404, 403] {
        let batches = Arc::new(AtomicUsize::new(0));
        let count = batches.clone();
        let (address, _) = serve(move |seen| {
            if seen.path == "/api/batch" {
                count.fetch_add(1, Ordering::SeqCst);
                return (status, "not here".into());
            }
            published(&seen)
        })
        .await;
        let client = client(address);
        for _ in 0..2 {
            for (version, result) in publish_at_once(&client, 50).await {
                assert!(version == 13 || result.unwrap().offset == version);
            }
        }
        assert!((1..=8).contains(&batches.load(Ordering::SeqCst)));
    }
}

#[tokio::test]
async fn what_becomes_of_a_request_becomes_of_all_calls_in_it() {
    let broken = |text: &'static str, status| {
        move |seen: Seen| match seen.path.as_str() {
            "/api/batch" => (status, text.to_owned()),
            _ => published(&seen),
        }
    };
    for (status, text, kind) in [
        (502, "", ErrorKind::Lost),
        (200, "<html>", ErrorKind::Unreadable),
        (200, r#"{"replies":[]}"#, ErrorKind::Unreadable),
    ] {
        let (address, _) = serve(broken(text, status)).await;
        let results = publish_at_once(&client(address), 12).await;
        let failed: Vec<_> = results
            .iter()
            .filter_map(|(_, result)| result.as_ref().err())
            .collect();
        assert!((2..=4).contains(&failed.len()), "{failed:?}");
        for error in failed {
            assert_eq!(
                (error.kind(), error.delivery()),
                (kind, Delivery::Unknown),
                "{error}"
            );
            assert!(error.to_string().starts_with("`Publish`"), "{error}");
        }
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
async fn dropped_calls_leave_the_client_usable() {
    let permits = Arc::new(Semaphore::new(0));
    let (address, _) = serve_when(permits.clone(), |seen| published(&seen)).await;
    let client = client(address);
    for round in 0..10 {
        let mut calls = JoinSet::new();
        for _ in 0..20 {
            calls.spawn(client.publish("news", &"x".repeat(9_000)).into_future());
            calls.spawn(client.publish("news", &1).into_future());
        }
        tokio::time::sleep(Duration::from_micros(round * 300)).await;
        drop(calls);
    }
    permits.add_permits(10_000);
    assert_eq!(
        soon(client.publish("news", &1).version(4)).await.unwrap().offset,
        4
    );
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
