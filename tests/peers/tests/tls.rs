//! TLS and mutual TLS between Centrifugo and a backend.

use peers::{Client, DirectSetup, DirectStack, Transport};
use serde_json::{Value, json};
use test_support::Authority;

const ADDRESS: &str = "127.0.0.1";

/// Returns a backend whose certificate is signed by this authority.
fn program(authority: &Authority, transport: Transport) -> DirectSetup {
    let (cert, key) = authority.sign(ADDRESS);
    DirectSetup::new(env!("CARGO_BIN_EXE_backend"), transport)
        .env("WORKER_TLS_CERT", &authority.file("cert.pem", &cert))
        .env("WORKER_TLS_KEY", &authority.file("key.pem", &key))
}

fn mutual(authority: &Authority, transport: Transport) -> DirectSetup {
    program(authority, transport).env("WORKER_TLS_CLIENT_CA", &authority.file("ca.pem", &authority.pem))
}

/// Returns the TLS settings of Centrifugo, which the configuration of the program lacks.
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

async fn served(pair: &DirectStack) {
    let client = Client::connect_as(pair, "42").await;
    assert_eq!(client.rpc("echo", &json!({})).await, Ok(json!({})));
}

async fn refused(pair: &DirectStack) {
    let mut client = Client::start(pair, &json!({ "user": "42" }));
    assert_eq!(
        client.outcome().await,
        "error Connect: internal server error (100)"
    );
    // Centrifugo may only see a broken connection. The reason is in the log of the backend.
    pair.program
        .process
        .wait_for_log("connection refused: TLS handshake failed");
}

async fn check_tls(name: &str, transport: Transport) {
    let authority = Authority::new(name);
    let stranger = Authority::new(&format!("{name}-stranger"));
    let program = || program(&authority, transport);
    served(&program().proxy(tls(transport, &authority, None)).start()).await;
    refused(&program().proxy(tls(transport, &stranger, None)).start()).await;
}

async fn check_mutual_tls(name: &str, transport: Transport) {
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
async fn connects_with_tls_over_grpc() {
    check_tls("tls-grpc", Transport::Grpc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connects_with_tls_over_http() {
    check_tls("tls-http", Transport::Http).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connects_with_mutual_tls_over_grpc() {
    check_mutual_tls("mtls-grpc", Transport::Grpc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connects_with_mutual_tls_over_http() {
    check_mutual_tls("mtls-http", Transport::Http).await;
}
