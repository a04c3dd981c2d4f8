//! Every kind of event over gRPC and HTTP, without RoadRunner.

mod support;

use peers::{Client, DirectStack, Transport};
use serde_json::json;
use support::{data, direct, events};

fn pair(transport: Transport) -> DirectStack {
    direct::backend(env!("CARGO_BIN_EXE_backend"), transport).start()
}

fn binary(transport: Transport) -> DirectStack {
    direct::backend(env!("CARGO_BIN_EXE_backend"), transport)
        .proxy(json!({ "binary_encoding": true }))
        .start()
}

macro_rules! over {
    ($($module:ident: $transport:expr;)*) => {$(
        mod $module {
            use super::*;

            #[tokio::test(flavor = "multi_thread")]
            async fn answers_connect() {
                events::connect(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn answers_rpc() {
                events::rpc(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn answers_subscribe() {
                events::subscribe(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn answers_publish() {
                events::publish(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn answers_refresh() {
                events::refresh(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn answers_sub_refresh() {
                events::sub_refresh(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn ignores_a_client_header_named_type() {
                events::ignores_a_type_header(&pair($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn answers_events_with_binary_encoding() {
                let pair = binary($transport);
                events::connect(&pair).await;
                events::rpc(&pair).await;
                events::subscribe(&pair).await;
                events::publish(&pair).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn passes_json_unchanged() {
                data::passes_json_unchanged(&pair($transport)).await;
                data::passes_json_unchanged(&binary($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn answers_events_of_protobuf_clients() {
                data::answers_protobuf_clients(&pair($transport)).await;
                data::answers_protobuf_clients(&binary($transport)).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn passes_bytes_of_protobuf_clients() {
                data::passes_bytes_unchanged(&binary($transport)).await;
            }
        }
    )*};
}

over! {
    grpc: Transport::Grpc;
    http: Transport::Http;
}

/// JSON cannot hold bytes, so over HTTP they need `binary_encoding`.
#[tokio::test(flavor = "multi_thread")]
async fn refuses_bytes_without_binary_encoding_over_http() {
    data::passes_bytes_unchanged(&pair(Transport::Grpc)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accepts_compressed_events() {
    let pair = direct::backend(env!("CARGO_BIN_EXE_backend"), Transport::Grpc)
        .proxy(json!({ "grpc": { "compression": true } }))
        .start();
    let client = Client::connect_as(&pair, "42").await;
    let text = json!("x".repeat(50_000));
    assert_eq!(client.rpc("echo", &text).await, Ok(text.clone()));
    assert_eq!(client.rpc("len", &text).await, Ok(json!(50_000)));
}
