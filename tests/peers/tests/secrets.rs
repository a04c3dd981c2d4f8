//! Who does not know the secret is refused.

use peers::{Client, Direct, Transport};
use serde_json::{Value, json};

const KEY: &str = "x-backend-key";
const VALUE: &str = "s3cret of this test";

fn guarded(transport: Transport) -> Direct {
    let presence = json!({ "presence": true });
    Direct::new(env!("CARGO_BIN_EXE_backend"), transport)
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

async fn right(transport: Transport) {
    // The key stands in the configuration that the program printed; the value is to be filled in.
    let pair = guarded(transport).proxy(secret(transport, VALUE)).start();
    let client = Client::user(&pair, "42").await;
    assert_eq!(client.rpc("echo", &json!(1)).await, Ok(json!(1)));
    assert_eq!(
        client.subscribe("news:a").outcome().await,
        "subscribed \"news:a for 42\""
    );
    let log = pair.program.process.log();
    assert!(log.contains(KEY) && !log.contains(VALUE), "{log}");
}

async fn wrong(transport: Transport) {
    for pair in [
        guarded(transport).start(),
        guarded(transport)
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
async fn over_grpc() {
    right(Transport::Grpc).await;
    wrong(Transport::Grpc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http() {
    right(Transport::Http).await;
    wrong(Transport::Http).await;
}
