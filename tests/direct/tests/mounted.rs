//! The gRPC service mounted in a tonic server, and the HTTP router mounted in an axum server.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use centrifugo::proto::proxy::RpcResponse;
use centrifugo::server::AppHandle;
use centrifugo::{Data, ServeErrorKind, Server, State, reply};
use support::http_client::{post, send};
use support::{Client, outcome_text, rpc};
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot};
use tonic::metadata::MetadataValue;
use tonic::transport::Endpoint;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request};

const INTERNAL: &str = "error 100: internal server error (temporary)";

/// Counts 1 for each shutdown function and 100 for each dropped state.
static CLEANUPS: AtomicU32 = AtomicU32::new(0);

/// Notified when the handler `waits` or `late` starts.
static HANDLER_STARTED: Notify = Notify::const_new();

/// Counts calls of the handler `late`.
static LATE_CALLS: AtomicU32 = AtomicU32::new(0);

/// Lets one call of the handler `late` end.
static LATE_OPENS: Notify = Notify::const_new();

struct Motto(&'static str);

impl Drop for Motto {
    fn drop(&mut self) {
        CLEANUPS.fetch_add(100, Ordering::SeqCst);
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
    CLEANUPS.fetch_add(1, Ordering::SeqCst);
}

/// Never completes, without blocking its thread.
#[centrifugo::rpc("waits")]
async fn waits() {
    HANDLER_STARTED.notify_one();
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

/// Opens a stream when the test allows it.
#[centrifugo::subscribe_stream(channel = "late")]
async fn late() -> reply::Stream {
    LATE_CALLS.fetch_add(1, Ordering::SeqCst);
    HANDLER_STARTED.notify_one();
    LATE_OPENS.notified().await;
    silent()
}

/// Stops a mounted service while a stream opens. Its server goes on, so that further calls reach the service.
async fn opens_no_streams_after_a_stop(client: &Client, handle: &AppHandle) {
    let open = || {
        let client = client.clone();
        let key = MetadataValue::from_static("s3cret");
        tokio::spawn(async move {
            let opened = client.open_one_way_with("late", "x-key", key).await;
            opened.err().map(|status| status.code())
        })
    };
    let pending = open();
    HANDLER_STARTED.notified().await;
    handle.stop();
    LATE_OPENS.notify_one();
    assert_eq!(pending.await.unwrap(), Some(Code::Unavailable));
    assert_eq!(open().await.unwrap(), Some(Code::Unavailable));
    assert_eq!(LATE_CALLS.load(Ordering::SeqCst), 1);
    let mut request = Request::new(rpc("echo", "1"));
    let key = MetadataValue::from_static("s3cret");
    request.metadata_mut().insert("x-key", key);
    assert_eq!(outcome_text(&client.call("RPC", request).await.unwrap()), "1");
}

/// Shuts a mounted service down as documented, with open streams and a running event.
async fn shuts_down_in_time_in_a_tonic_server(server: Server) {
    let app = server.build().await.unwrap();
    let (handle, service) = (app.handle(), app.into_service().unwrap());
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let endpoint = format!("http://{}", incoming.local_addr().unwrap());
    let (signal, signalled) = oneshot::channel::<()>();
    let stopping = handle.clone();
    let serving = tokio::spawn(
        tonic::transport::Server::builder()
            .add_service(service.clone())
            .serve_with_incoming_shutdown(incoming, async move {
                let _ = signalled.await;
                stopping.stop();
            }),
    );
    let key = MetadataValue::from_static("s3cret");
    let channel = Endpoint::from_shared(endpoint).unwrap().connect().await.unwrap();
    let client = Client(channel);
    let mut streams = Vec::new();
    for _ in 0..20 {
        let mut stream = client
            .open_one_way_with("silent", "x-key", key.clone())
            .await
            .unwrap();
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
    assert_eq!(outcome_text(&call("blocks").await.unwrap().unwrap()), INTERNAL);
    assert!(
        start.elapsed() < Duration::from_millis(1400),
        "{:?}",
        start.elapsed()
    );
    let waits = call("waits");
    HANDLER_STARTED.notified().await;
    let start = Instant::now();
    signal.send(()).unwrap();
    for mut stream in streams {
        assert_eq!(stream.next().await.unwrap_err().code(), Code::Unavailable);
    }
    assert_eq!(outcome_text(&waits.await.unwrap().unwrap()), INTERNAL);
    drop(client);
    serving.await.unwrap().unwrap();
    handle.finish().await;
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
}

async fn shuts_down_in_time_in_an_axum_server(server: Server) {
    let app = server.build().await.unwrap();
    let (handle, routes) = (app.handle(), app.into_router().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (signal, signalled) = oneshot::channel::<()>();
    let stopping = handle.clone();
    let serving = tokio::spawn(async move {
        axum::serve(listener, routes)
            .with_graceful_shutdown(async move {
                let _ = signalled.await;
                stopping.stop();
            })
            .await
    });
    let waits = tokio::spawn(async move {
        let body = br#"{"method":"waits"}"#;
        send(address, "POST", "/centrifugo/rpc", &[("x-key", "s3cret")], body).await
    });
    HANDLER_STARTED.notified().await;
    let start = Instant::now();
    signal.send(()).unwrap();
    let (status, body) = waits.await.unwrap();
    assert!(status == 200 && body.contains("\"code\":100"), "{status} {body}");
    serving.await.unwrap().unwrap();
    handle.finish().await;
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
}

// One test, because the handlers and `CLEANUPS` are shared by the whole process.
#[tokio::test(flavor = "multi_thread")]
async fn serves_and_shuts_down_in_a_tonic_server_and_in_an_axum_server() {
    let server = || {
        Server::from_env()
            .unwrap()
            .state(Motto("fast"))
            .require_metadata("x-key", "s3cret")
    };
    let app = server().build().await.unwrap();
    assert_eq!(app.state::<Motto>().unwrap().0, "fast");
    assert!(app.routes().iter().any(|route| route.name == "motto"));
    let (handle, service) = (app.handle(), app.into_service().unwrap());
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
    assert_eq!(
        outcome_text(&client.call("RPC", request).await.unwrap()),
        r#""fast""#
    );
    opens_no_streams_after_a_stop(&client, &handle).await;
    serving.abort();
    let _ = serving.await;
    handle.finish().await;
    assert_eq!(CLEANUPS.load(Ordering::SeqCst), 101);

    let app = server().http_prefix("/proxy").build().await.unwrap();
    let (handle, routes) = (app.handle(), app.into_router().unwrap());
    let app = axum::Router::new()
        .route("/", axum::routing::get(async || "mine"))
        .merge(routes);
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
    handle.finish().await;
    assert_eq!(CLEANUPS.load(Ordering::SeqCst), 202);

    shuts_down_in_time_in_a_tonic_server(server()).await;
    shuts_down_in_time_in_an_axum_server(server()).await;
    assert_eq!(CLEANUPS.load(Ordering::SeqCst), 404);

    let wrong = server().require_metadata("x-key", "").concurrency(0);
    let text = wrong.build().await.unwrap_err().to_string();
    for part in ["`x-key` is empty", "\n  `Server::concurrency` was given 0"] {
        assert!(text.contains(part), "{text}");
    }

    // Without a secret, a caller could pose as any user.
    let open = || Server::from_env().unwrap().state(Motto("fast"));
    for error in [
        open().build().await.unwrap().into_service().unwrap_err(),
        open().build().await.unwrap().into_router().unwrap_err(),
    ] {
        assert_eq!(error.kind(), ServeErrorKind::Start);
        assert!(error.to_string().contains("allow_unauthenticated"), "{error}");
    }
    let app = open().allow_unauthenticated().build().await.unwrap();
    assert!(app.into_service().is_ok());
}
