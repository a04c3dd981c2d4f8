//! Each event through RoadRunner.

mod support;

use peers::{Setup, Stack};
use serde_json::json;
use support::events;

fn stack() -> Stack {
    Setup::new(env!("CARGO_BIN_EXE_backend"))
        .env("NOTES", "notes")
        // Centrifugo looks for expired subscriptions when it updates presence.
        .centrifugo(
            json!({ "client": { "presence_update_interval": "1s", "expired_sub_close_delay": "1s" } }),
        )
        .start()
}

#[tokio::test(flavor = "multi_thread")]
async fn connect() {
    events::connect(&stack()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rpc() {
    events::rpc(&stack()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn subscribe() {
    events::subscribe(&stack()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publish() {
    events::publish(&stack()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refresh() {
    events::refresh(&stack()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sub_refresh() {
    events::sub_refresh(&stack()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_of_the_client_named_type_changes_nothing() {
    events::type_header(&stack()).await;
}
