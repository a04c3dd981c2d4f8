//! The shared secret of Centrifugo and the backend.

use peers::{Client, DirectSetup, Transport};
use serde_json::{Value, json};

const KEY: &str = "x-backend-key";
const VALUE: &str = "s3cret of this test";

fn backend_with_secret(transport: Transport) -> DirectSetup {
    let presence = json!({ "presence": true });
    DirectSetup::new(env!("CARGO_BIN_EXE_backend"), transport)
        .env("WORKER_SECRET_KEY", KEY)
        .env("WORKER_SECRET_VALUE", VALUE)
        .namespace("news", presence)
}

fn secret(transport: Transport, value: &str) -> Value {
    match transport {
        Transport::Grpc => json!({ "grpc": { "credentials_key": KEY, "credentials_value": value } }),
        Transport::Http => json!({ "http": { "static_headers": { (KEY): value } } }),
    }
}

async fn check_right_secret(transport: Transport) {
    // The program prints the key in its configuration. The value has to be filled in.
    let pair = backend_with_secret(transport)
        .proxy(secret(transport, VALUE))
        .start();
    let client = Client::connect_as(&pair, "42").await;
    assert_eq!(client.rpc("echo", &json!(1)).await, Ok(json!(1)));
    assert_eq!(
        client.subscribe("news:a").outcome().await,
        "subscribed \"news:a for 42\""
    );
    let log = pair.program.process.log();
    assert!(log.contains(KEY) && !log.contains(VALUE), "{log}");
}

async fn check_wrong_secret(transport: Transport) {
    for pair in [
        backend_with_secret(transport).start(),
        backend_with_secret(transport)
            .proxy(secret(transport, "s3cret of this tesT"))
            .start(),
    ] {
        let mut client = Client::start(&pair, &json!({ "user": "42" }));
        assert_eq!(
            client.outcome().await,
            "error Connect: internal server error (100)"
        );
        pair.program.process.wait_for_log("call refused: ");
        let log = pair.node.process.log();
        assert!(!log.contains(VALUE), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accepts_only_the_right_secret_over_grpc() {
    check_right_secret(Transport::Grpc).await;
    check_wrong_secret(Transport::Grpc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accepts_only_the_right_secret_over_http() {
    check_right_secret(Transport::Http).await;
    check_wrong_secret(Transport::Http).await;
}
