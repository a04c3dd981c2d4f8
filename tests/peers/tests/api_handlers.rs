//! Handlers that call the server API, with and without RoadRunner.

mod support;

use std::time::Duration;

use peers::{Client, ClientSubscription, DirectSetup, DirectStack, Peers, Setup, Transport, free_port};
use serde_json::{Value, json};
use support::api::KEY;
use test_support::Authority;

const PROGRAM: &str = env!("CARGO_BIN_EXE_api_backend");

async fn subscribed(client: &Client, channel: &str) -> ClientSubscription {
    let mut subscribed = client.subscribe(channel);
    assert_eq!(subscribed.outcome().await, "subscribed ");
    subscribed
}

async fn check_handlers(peers: &impl Peers) {
    let (mut ann, bob) = (
        Client::connect_as(peers, "ann").await,
        Client::connect_as(peers, "bob").await,
    );
    let mut room = subscribed(&ann, "chat:1").await;
    // Subscribe without reading the publications.
    drop(subscribed(&bob, "chat:1").await);
    assert_eq!(room.publication().await.0, json!({ "joins": "bob" }));

    let said = json!({ "n": 1_u64 << 60 });
    assert_eq!(bob.rpc("say/1", &said).await, Ok(Value::Null));
    assert_eq!(
        room.publication().await,
        (said, vec![("by".into(), "bob".into())])
    );
    assert_eq!(bob.rpc("who/1", &Value::Null).await, Ok(json!(["ann", "bob"])));
    let mut beeps = subscribed(&bob, "chat:bot").await;
    assert_eq!(bob.rpc("bot", &Value::Null).await, Ok(Value::Null));
    assert_eq!(beeps.publication().await.0, "beep");

    let internal = bob.rpc("nowhere", &Value::Null).await;
    assert_eq!(
        internal,
        Err("error 100 internal server error (temporary)".into())
    );
    let log = peers.backend().wait_for_log("error 102: unknown channel");
    assert!(log.contains("Publish") && !log.contains(KEY), "{log}");

    drop(room);
    assert_eq!(bob.rpc("kick", &json!("ann")).await, Ok(Value::Null));
    assert_eq!(ann.outcome().await, "disconnected 4501 kicked");
}

/// RoadRunner passes the address of its RPC to its workers.
#[tokio::test(flavor = "multi_thread")]
async fn calls_the_api_under_roadrunner() {
    let mut stack = Setup::new(PROGRAM).start();
    check_handlers(&stack).await;
    // The shutdown function publishes too.
    let bob = Client::connect_as(&stack, "bob").await;
    let mut end = subscribed(&bob, "chat:end").await;
    stack.roadrunner.terminate();
    assert_eq!(end.publication().await.0, "bye");
    drop(end);
    assert!(stack.roadrunner.wait_for_exit(Duration::from_secs(20)).is_some());
}

/// The RPC of RoadRunner listens on a unix socket.
#[tokio::test(flavor = "multi_thread")]
async fn calls_the_api_under_roadrunner_over_a_unix_socket() {
    let stack = Setup::new(PROGRAM).rpc_over_unix().start();
    assert!(stack.rpc().starts_with("unix://"));
    check_handlers(&stack).await;
}

/// A worker of RoadRunner that does not use its RPC.
#[tokio::test(flavor = "multi_thread")]
async fn calls_the_http_api_under_roadrunner() {
    let port = free_port();
    let stack = Setup::new(PROGRAM)
        .env("WORKER_API", &format!("http://127.0.0.1:{port}"))
        .env("WORKER_API_KEY", KEY)
        .centrifugo(http(port, Value::Null))
        .start();
    check_handlers(&stack).await;
}

/// Returns the program without RoadRunner, with these settings of Centrifugo and this address of the API.
fn direct(transport: Transport, api: &str, settings: Value) -> DirectSetup {
    DirectSetup::new(PROGRAM, transport)
        .env("WORKER_API", api)
        .env("WORKER_API_KEY", KEY)
        .namespace("chat", json!({ "presence": true }))
        .centrifugo(settings)
}

/// Checks the calls of handlers and of the shutdown function.
async fn check_handlers_and_shutdown(mut pair: DirectStack) {
    check_handlers(&pair).await;
    let bob = Client::connect_as(&pair, "bob").await;
    let mut end = subscribed(&bob, "chat:end").await;
    pair.program.process.terminate();
    assert_eq!(end.publication().await.0, "bye");
    let status = pair
        .program
        .process
        .wait_for_exit(Duration::from_secs(8))
        .expect("an end");
    assert!(status.success(), "{status}");
}

fn grpc(port: u16, more: Value) -> Value {
    let mut api = json!({ "enabled": true, "address": "127.0.0.1", "port": port, "key": KEY });
    if !more.is_null() {
        api["tls"] = more;
    }
    json!({ "grpc_api": api })
}

/// Returns settings with the HTTP API on a port of its own.
fn http(port: u16, more: Value) -> Value {
    let mut server = json!({ "internal_address": "127.0.0.1", "internal_port": port.to_string() });
    if !more.is_null() {
        server["internal_tls"] = more;
    }
    json!({ "http_server": server, "http_api": { "key": KEY } })
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_the_api_over_grpc() {
    let port = free_port();
    let api = format!("grpc://127.0.0.1:{port}");
    check_handlers_and_shutdown(direct(Transport::Grpc, &api, grpc(port, Value::Null)).start()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_the_api_over_http() {
    let port = free_port();
    let api = format!("http://127.0.0.1:{port}");
    check_handlers_and_shutdown(direct(Transport::Http, &api, http(port, Value::Null)).start()).await;
}

/// The client trusts the system's certificates, which `SSL_CERT_FILE` replaces.
#[tokio::test(flavor = "multi_thread")]
async fn calls_the_api_over_tls() {
    let authority = Authority::new("handlers");
    let (cert, key) = authority.sign("127.0.0.1");
    let tls = json!({ "enabled": true, "cert_pem": cert, "key_pem": key });
    let trusted = authority.file("ca.pem", &authority.pem);
    let port = free_port();
    let pair = direct(
        Transport::Grpc,
        &format!("grpcs://127.0.0.1:{port}"),
        grpc(port, tls.clone()),
    );
    check_handlers_and_shutdown(pair.env("SSL_CERT_FILE", &trusted).start()).await;
    let port = free_port();
    let pair = direct(
        Transport::Http,
        &format!("https://127.0.0.1:{port}"),
        http(port, tls),
    );
    check_handlers_and_shutdown(pair.env("SSL_CERT_FILE", &trusted).start()).await;
}
