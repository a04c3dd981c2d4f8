//! The service and the router in servers of a user's own.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::sync::atomic::{AtomicU32, Ordering};

use centrifugo::{Data, Server, State};
use support::http::{post, send};
use support::{Client, rpc, seen};
use tokio::net::TcpListener;
use tonic::metadata::MetadataValue;
use tonic::transport::Endpoint;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request};

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
fn motto(motto: State<Motto>) -> centrifugo::Json<&'static str> {
    centrifugo::Json(motto.0)
}

#[centrifugo::shutdown]
fn shutdown() {
    ENDS.fetch_add(1, Ordering::SeqCst);
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

    let wrong = server().require_metadata("x-key", "").concurrency(0);
    let text = wrong.into_service().await.unwrap_err().to_string();
    for part in ["`x-key` is empty", "\n  `Server::concurrency` was given 0"] {
        assert!(text.contains(part), "{text}");
    }
}
