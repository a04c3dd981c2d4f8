//! The service and the router in servers of a user's own.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use centrifugo::proto::proxy::RpcResponse;
use centrifugo::{Data, Server, State, reply};
use support::http::{post, send};
use support::{Client, rpc, seen};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tonic::metadata::MetadataValue;
use tonic::transport::Endpoint;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request};

const INTERNAL: &str = "error 100: internal server error (temporary)";

static ENDS: AtomicU32 = AtomicU32::new(0);

struct Motto(&'static str);

impl Drop for Motto {
    fn drop(&mut self) {
        ENDS.fetch_add(100, Ordering::SeqCst);
    }
}

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

#[centrifugo::rpc("motto")]
fn motto(State(motto): State<Motto>) -> centrifugo::Json<&'static str> {
    centrifugo::Json(motto.0)
}

#[centrifugo::shutdown]
fn shutdown() {
    ENDS.fetch_add(1, Ordering::SeqCst);
}

/// Never answers, and never blocks.
#[centrifugo::rpc("waits")]
async fn waits() {
    std::future::pending::<()>().await;
}

#[centrifugo::rpc("blocks", timeout = "200ms")]
fn blocks() {
    std::thread::sleep(Duration::from_millis(1500));
}

#[centrifugo::subscribe_stream(channel = "silent")]
fn silent() -> reply::Stream {
    reply::Stream::new(
        reply::Subscribe::allow(),
        tokio_stream::pending::<centrifugo::Json<u8>>(),
    )
}

/// The documented way to end a mounted service, with streams and an event in hand.
async fn stops_within_the_time_in_a_tonic_server(server: Server) {
    let service = server.into_service().await.unwrap();
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let endpoint = format!("http://{}", incoming.local_addr().unwrap());
    let (signal, told) = oneshot::channel::<()>();
    let stopping = service.clone();
    let serving = tokio::spawn(
        tonic::transport::Server::builder()
            .add_service(service.clone())
            .serve_with_incoming_shutdown(incoming, async move {
                let _ = told.await;
                stopping.stop();
            }),
    );
    let key = MetadataValue::from_static("s3cret");
    let channel = Endpoint::from_shared(endpoint).unwrap().connect().await.unwrap();
    let client = Client(channel);
    let mut streams = Vec::new();
    for _ in 0..20 {
        let mut stream = client.one_way_with("silent", "x-key", key.clone()).await.unwrap();
        assert!(stream.response.result.take().is_some());
        streams.push(stream);
    }
    let call = |method: &'static str| {
        let mut request = Request::new(rpc(method, "null"));
        request.metadata_mut().insert("x-key", key.clone());
        let client = client.clone();
        tokio::spawn(async move { client.call::<_, RpcResponse>("RPC", request).await })
    };
    let start = Instant::now();
    assert_eq!(seen(&call("blocks").await.unwrap().unwrap()), INTERNAL);
    assert!(
        start.elapsed() < Duration::from_millis(1400),
        "{:?}",
        start.elapsed()
    );
    let waits = call("waits");
    tokio::time::sleep(Duration::from_millis(200)).await;
    let start = Instant::now();
    signal.send(()).unwrap();
    for mut stream in streams {
        assert_eq!(stream.next().await.unwrap_err().code(), Code::Unavailable);
    }
    assert_eq!(seen(&waits.await.unwrap().unwrap()), INTERNAL);
    drop(client);
    serving.await.unwrap().unwrap();
    service.finish().await;
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
}

async fn stops_within_the_time_in_an_axum_server(server: Server) {
    let centrifugo = server.into_router().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (signal, told) = oneshot::channel::<()>();
    let (app, stopping) = (centrifugo.router(), centrifugo.clone());
    let serving = tokio::spawn(async move {
        axum::serve(listener, app)
            .with_graceful_shutdown(async move {
                let _ = told.await;
                stopping.stop();
            })
            .await
    });
    let waits = tokio::spawn(async move {
        let body = br#"{"method":"waits"}"#;
        send(address, "POST", "/centrifugo/rpc", &[("x-key", "s3cret")], body).await
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    let start = Instant::now();
    signal.send(()).unwrap();
    let (status, body) = waits.await.unwrap();
    assert!(status == 200 && body.contains("\"code\":100"), "{status} {body}");
    serving.await.unwrap().unwrap();
    centrifugo.finish().await;
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
}

// One test, since the registry and what it counts are those of the program.
#[tokio::test(flavor = "multi_thread")]
async fn in_a_tonic_server_and_in_an_axum_router() {
    let server = || {
        Server::from_env()
            .unwrap()
            .state(Motto("fast"))
            .require_metadata("x-key", "s3cret")
    };
    let service = server().into_service().await.unwrap();
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = incoming.local_addr().unwrap();
    let serving = tokio::spawn(
        tonic::transport::Server::builder()
            .add_service(service.clone())
            .serve_with_incoming(incoming),
    );
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let client = Client(endpoint.connect().await.unwrap());
    assert_eq!(
        client.rpc("motto", "1").await.unwrap_err().code(),
        Code::Unauthenticated
    );
    let mut request = Request::new(rpc("motto", "1"));
    request
        .metadata_mut()
        .insert("x-key", MetadataValue::from_static("s3cret"));
    assert_eq!(seen(&client.call("RPC", request).await.unwrap()), r#""fast""#);
    serving.abort();
    let _ = serving.await;
    service.finish().await;
    assert_eq!(ENDS.load(Ordering::SeqCst), 101);

    let centrifugo = server().http_prefix("/proxy").into_router().await.unwrap();
    let app = axum::Router::new()
        .route("/", axum::routing::get(async || "mine"))
        .merge(centrifugo.router());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move { axum::serve(listener, app).await });
    let body = br#"{"method":"echo","data":1.0}"#;
    let key = [("x-key", "s3cret")];
    assert_eq!(
        send(address, "POST", "/proxy/rpc", &key, body).await,
        (200, r#"{"result":{"data":1.0}}"#.into())
    );
    assert_eq!(post(address, "/proxy/rpc", "{}").await.0, 401);
    assert_eq!(send(address, "GET", "/", &[], b"").await, (200, "mine".into()));
    serving.abort();
    centrifugo.finish().await;
    assert_eq!(ENDS.load(Ordering::SeqCst), 202);

    stops_within_the_time_in_a_tonic_server(server()).await;
    stops_within_the_time_in_an_axum_server(server()).await;
    assert_eq!(ENDS.load(Ordering::SeqCst), 404);

    let wrong = server().require_metadata("x-key", "").concurrency(0);
    let text = wrong.into_service().await.unwrap_err().to_string();
    for part in ["`x-key` is empty", "\n  `Server::concurrency` was given 0"] {
        assert!(text.contains(part), "{text}");
    }
}
