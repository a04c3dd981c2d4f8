//! Every kind of event through RoadRunner.

mod support;

use peers::{Setup, Stack};
use serde_json::json;
use support::events;

fn stack() -> Stack {
    Setup::new(env!("CARGO_BIN_EXE_backend"))
        .env("NOTES", "notes")
        // Centrifugo checks for expired subscriptions when it updates presence.
        .centrifugo(
            json!({ "client": { "presence_update_interval": "1s", "expired_sub_close_delay": "1s" } }),
        )
        .start()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_connect() {
    events::connect(&stack()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_rpc() {
    events::rpc(&stack()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_subscribe() {
    events::subscribe(&stack()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_publish() {
    events::publish(&stack()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_refresh() {
    events::refresh(&stack()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_sub_refresh() {
    events::sub_refresh(&stack()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ignores_a_client_header_named_type() {
    events::ignores_a_type_header(&stack()).await;
}
