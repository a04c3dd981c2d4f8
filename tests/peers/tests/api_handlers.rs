//! The server API in handlers, under RoadRunner and without it.

mod support;

use std::time::Duration;

use peers::{Client, Direct, Pair, Peers, Setup, Subscribed, Transport, free_port};
use serde_json::{Value, json};
use support::api::KEY;
use test_support::Authority;

const PROGRAM: &str = env!("CARGO_BIN_EXE_speaker");

async fn subscribed(client: &Client, channel: &str) -> Subscribed {
    let mut subscribed = client.subscribe(channel);
    assert_eq!(subscribed.outcome().await, "subscribed ");
    subscribed
}

async fn spoken(peers: &impl Peers) {
    let (mut ann, bob) = (Client::user(peers, "ann").await, Client::user(peers, "bob").await);
    let mut room = subscribed(&ann, "chat:1").await;
    // Subscribed, and nobody takes what he hears.
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

/// RoadRunner tells its workers where its RPC is.
#[tokio::test(flavor = "multi_thread")]
async fn under_roadrunner() {
    let mut stack = Setup::new(PROGRAM).start();
    spoken(&stack).await;
    // The end, too, is told.
    let bob = Client::user(&stack, "bob").await;
    let mut end = subscribed(&bob, "chat:end").await;
    stack.roadrunner.terminate();
    assert_eq!(end.publication().await.0, "bye");
    drop(end);
    assert!(stack.roadrunner.wait(Duration::from_secs(20)).is_some());
}

/// The same with a unix socket for the RPC.
#[tokio::test(flavor = "multi_thread")]
async fn under_roadrunner_over_unix() {
    let stack = Setup::new(PROGRAM).rpc_over_unix().start();
    assert!(stack.rpc().starts_with("unix://"));
    spoken(&stack).await;
}

/// Under RoadRunner, and yet past its RPC.
#[tokio::test(flavor = "multi_thread")]
async fn under_roadrunner_over_http() {
    let port = free_port();
    let stack = Setup::new(PROGRAM)
        .env("WORKER_API", &format!("http://127.0.0.1:{port}"))
        .env("WORKER_API_KEY", KEY)
        .centrifugo(http(port, Value::Null))
        .start();
    spoken(&stack).await;
}

/// The program without RoadRunner, with these settings of Centrifugo and its own address of the API.
fn direct(transport: Transport, api: &str, settings: Value) -> Direct {
    Direct::new(PROGRAM, transport)
        .env("WORKER_API", api)
        .env("WORKER_API_KEY", KEY)
        .namespace("chat", json!({ "presence": true }))
        .centrifugo(settings)
}

/// Speaks, and says goodbye.
async fn to_the_end(mut pair: Pair) {
    spoken(&pair).await;
    let bob = Client::user(&pair, "bob").await;
    let mut end = subscribed(&bob, "chat:end").await;
    pair.program.process.terminate();
    assert_eq!(end.publication().await.0, "bye");
    let status = pair.program.process.wait(Duration::from_secs(8)).expect("an end");
    assert!(status.success(), "{status}");
}

fn grpc(port: u16, more: Value) -> Value {
    let mut api = json!({ "enabled": true, "address": "127.0.0.1", "port": port, "key": KEY });
    if !more.is_null() {
        api["tls"] = more;
    }
    json!({ "grpc_api": api })
}

/// The HTTP API on a port of its own, apart from that of clients.
fn http(port: u16, more: Value) -> Value {
    let mut server = json!({ "internal_address": "127.0.0.1", "internal_port": port.to_string() });
    if !more.is_null() {
        server["internal_tls"] = more;
    }
    json!({ "http_server": server, "http_api": { "key": KEY } })
}

#[tokio::test(flavor = "multi_thread")]
async fn over_grpc() {
    let port = free_port();
    let api = format!("grpc://127.0.0.1:{port}");
    to_the_end(direct(Transport::Grpc, &api, grpc(port, Value::Null)).start()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http() {
    let port = free_port();
    let api = format!("http://127.0.0.1:{port}");
    to_the_end(direct(Transport::Http, &api, http(port, Value::Null)).start()).await;
}

/// Trusts what the system trusts, which `SSL_CERT_FILE` says here.
#[tokio::test(flavor = "multi_thread")]
async fn over_tls() {
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
    to_the_end(pair.env("SSL_CERT_FILE", &trusted).start()).await;
    let port = free_port();
    let pair = direct(
        Transport::Http,
        &format!("https://127.0.0.1:{port}"),
        http(port, tls),
    );
    to_the_end(pair.env("SSL_CERT_FILE", &trusted).start()).await;
}
