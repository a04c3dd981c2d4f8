//! Each event over gRPC, from Centrifugo to a program that RoadRunner did not start.

mod support;

use peers::{Client, Pair, Transport};
use serde_json::json;
use support::{data, direct, events};

fn pair() -> Pair {
    direct::backend(env!("CARGO_BIN_EXE_backend"), Transport::Grpc).start()
}

#[tokio::test(flavor = "multi_thread")]
async fn connect() {
    events::connect(&pair()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rpc() {
    events::rpc(&pair()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn subscribe() {
    events::subscribe(&pair()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publish() {
    events::publish(&pair()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refresh() {
    events::refresh(&pair()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sub_refresh() {
    events::sub_refresh(&pair()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_of_the_client_named_type_changes_nothing() {
    events::type_header(&pair()).await;
}

fn binary() -> Pair {
    direct::backend(env!("CARGO_BIN_EXE_backend"), Transport::Grpc)
        .proxy(json!({ "binary_encoding": true }))
        .start()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_event_with_binary_encoding() {
    let pair = binary();
    events::connect(&pair).await;
    events::rpc(&pair).await;
    events::subscribe(&pair).await;
    events::publish(&pair).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn json_that_other_bridges_mangle() {
    data::json_that_other_bridges_mangle(&pair()).await;
    data::json_that_other_bridges_mangle(&binary()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_event_for_clients_on_the_protobuf_protocol() {
    data::protobuf(&pair()).await;
    data::protobuf(&binary()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_of_clients_on_the_protobuf_protocol() {
    data::bytes(&pair()).await;
    data::bytes(&binary()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn compressed_events() {
    let pair = direct::backend(env!("CARGO_BIN_EXE_backend"), Transport::Grpc)
        .proxy(json!({ "grpc": { "compression": true } }))
        .start();
    let client = Client::user(&pair, "42").await;
    let text = json!("x".repeat(50_000));
    assert_eq!(client.rpc("echo", &text).await, Ok(text.clone()));
    assert_eq!(client.rpc("len", &text).await, Ok(json!(50_000)));
}
