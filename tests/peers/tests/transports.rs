//! Each event over gRPC and over HTTP, from Centrifugo to a program that RoadRunner did not start.

mod support;

use peers::{Client, Pair, Transport};
use serde_json::json;
use support::{data, direct, events};

fn pair(transport: Transport) -> Pair {
    direct::backend(env!("CARGO_BIN_EXE_backend"), transport).start()
}

fn binary(transport: Transport) -> Pair {
    direct::backend(env!("CARGO_BIN_EXE_backend"), transport)
        .proxy(json!({ "binary_encoding": true }))
        .start()
}

macro_rules! over {
    ($($module:ident: $transport:expr;)*) => {$(
        mod $module {
            use super::*;

            #[tokio::test(flavor = "multi_thread")]
            async fn connect() {
                events::connect(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn rpc() {
                events::rpc(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn subscribe() {
                events::subscribe(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn publish() {
                events::publish(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn refresh() {
                events::refresh(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn sub_refresh() {
                events::sub_refresh(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn a_header_of_the_client_named_type_changes_nothing() {
                events::type_header(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn each_event_with_binary_encoding() {
                let pair = binary($transport);
                events::connect(&pair).await;
                events::rpc(&pair).await;
                events::subscribe(&pair).await;
                events::publish(&pair).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn json_that_other_bridges_mangle() {
                data::json_that_other_bridges_mangle(&pair($transport)).await;
                data::json_that_other_bridges_mangle(&binary($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn each_event_for_clients_on_the_protobuf_protocol() {
                data::protobuf(&pair($transport)).await;
                data::protobuf(&binary($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn bytes_of_clients_on_the_protobuf_protocol() {
                data::bytes(&binary($transport)).await;
            }
        }
    )*};
}

over! {
    grpc: Transport::Grpc;
    http: Transport::Http;
}

/// JSON has no place for bytes: over HTTP they need `binary_encoding`.
#[tokio::test(flavor = "multi_thread")]
async fn bytes_without_binary_encoding() {
    data::bytes(&pair(Transport::Grpc)).await;
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
