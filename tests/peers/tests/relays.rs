//! The relays of RoadRunner: serves_over_pipes, serves_over_tcp and serves_over_a_unix_socket sockets.

use peers::{Client, Peers, Relay, Setup};
use serde_json::json;

async fn relay(relay: Relay) {
    let mut stack = Setup::new(env!("CARGO_BIN_EXE_backend"))
        .relay(relay)
        .workers(2)
        .env("NOTES", "notes")
        .start();
    let client = Client::connect_as(&stack, "42").await;
    let text = "x".repeat(60_000);
    for number in 0..50 {
        assert_eq!(client.rpc("work", &json!(number)).await, Ok(json!(number)));
    }
    assert_eq!(client.rpc("echo", &json!(text)).await, Ok(json!(text)));
    assert_eq!(client.rpc("print", &json!(null)).await, Ok(json!(null)));
    assert_eq!(
        client.rpc("panic", &json!(null)).await,
        Err("error 100 internal server error (temporary)".into())
    );
    assert!(stack.stop_roadrunner());
    let notes = std::fs::read_to_string(stack.file("notes")).expect("notes");
    assert_eq!(notes.matches("shutdown").count(), 2, "{notes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_over_pipes() {
    relay(Relay::Pipes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_over_tcp() {
    relay(Relay::Tcp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_over_a_unix_socket() {
    relay(Relay::Unix).await;
}
