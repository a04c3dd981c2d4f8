//! TLS and mutual TLS between Centrifugo and a backend, with certificates made here.

use peers::{Client, Direct, Pair, Transport};
use serde_json::{Value, json};
use test_support::Authority;

const ADDRESS: &str = "127.0.0.1";

/// A program whose certificate this authority signed.
fn program(authority: &Authority, transport: Transport) -> Direct {
    let (cert, key) = authority.sign(ADDRESS);
    Direct::new(env!("CARGO_BIN_EXE_backend"), transport)
        .env("WORKER_TLS_CERT", &authority.file("cert.pem", &cert))
        .env("WORKER_TLS_KEY", &authority.file("key.pem", &key))
}

fn mutual(authority: &Authority, transport: Transport) -> Direct {
    program(authority, transport).env("WORKER_TLS_CLIENT_CA", &authority.file("ca.pem", &authority.pem))
}

/// What Centrifugo's configuration needs beside what the program printed.
fn tls(transport: Transport, authority: &Authority, own: Option<(String, String)>) -> Value {
    let mut tls = json!({ "server_ca_pem": authority.pem });
    let (cert, key) = own.unwrap_or_default();
    tls["cert_pem"] = cert.into();
    tls["key_pem"] = key.into();
    match transport {
        Transport::Grpc => json!({ "grpc": { "tls": tls } }),
        Transport::Http => json!({ "http": { "tls": tls } }),
    }
}

async fn served(pair: &Pair) {
    let client = Client::user(pair, "42").await;
    assert_eq!(client.rpc("echo", &json!({})).await, Ok(json!({})));
}

async fn refused(pair: &Pair) {
    let mut client = Client::start(pair, &json!({ "user": "42" }));
    assert_eq!(
        client.outcome().await,
        "error Connect: internal server error (100)"
    );
    // Centrifugo may see no more than a broken connection: the reason is here.
    pair.program
        .process
        .wait_for_log("connection refused: TLS handshake failed");
}

async fn of_the_program(name: &str, transport: Transport) {
    let authority = Authority::new(name);
    let stranger = Authority::new(&format!("{name}-stranger"));
    let program = || program(&authority, transport);
    served(&program().proxy(tls(transport, &authority, None)).start()).await;
    refused(&program().proxy(tls(transport, &stranger, None)).start()).await;
}

async fn of_both(name: &str, transport: Transport) {
    let authority = Authority::new(name);
    let stranger = Authority::new(&format!("{name}-stranger"));
    let start = |own| {
        let settings = tls(transport, &authority, own);
        mutual(&authority, transport).proxy(settings).start()
    };
    served(&start(Some(authority.sign("centrifugo")))).await;
    refused(&start(None)).await;
    refused(&start(Some(stranger.sign("centrifugo")))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_over_grpc() {
    of_the_program("tls-grpc", Transport::Grpc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_over_http() {
    of_the_program("tls-http", Transport::Http).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mutual_tls_over_grpc() {
    of_both("mtls-grpc", Transport::Grpc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mutual_tls_over_http() {
    of_both("mtls-http", Transport::Http).await;
}
