//! Application data passes RoadRunner unchanged.

mod support;

use peers::{Client, Setup};
use serde_json::json;
use support::data;

#[tokio::test(flavor = "multi_thread")]
async fn passes_json_unchanged() {
    let stack = Setup::new(env!("CARGO_BIN_EXE_backend")).start();
    data::passes_json_unchanged(&stack).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn passes_one_mebibyte() {
    let stack = Setup::new(env!("CARGO_BIN_EXE_backend"))
        .centrifugo(json!({
            "websocket": { "message_size_limit": 4 << 20 },
            "client": { "queue_max_size": 16 << 20 },
        }))
        .start();
    let client = Client::connect_as(&stack, "42").await;
    let text = "x".repeat(1 << 20);
    assert_eq!(client.rpc("echo", &json!(text)).await, Ok(json!(text)));
    assert_eq!(client.rpc("len", &json!(text)).await, Ok(json!(1 << 20)));
    // Above gRPC's limit of 4 MiB: an internal error, and the worker serves on.
    let answer = client.rpc("big/5000000", &json!(null)).await;
    assert_eq!(answer, Err("error 100 internal server error (temporary)".into()));
    assert_eq!(client.rpc("echo", &json!(1)).await, Ok(json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn passes_binary_data_of_protobuf_clients() {
    for binary_encoding in [false, true] {
        let stack = Setup::new(env!("CARGO_BIN_EXE_backend"))
            .centrifugo(json!({ "rpc": { "proxy": { "binary_encoding": binary_encoding } } }))
            .start();
        data::passes_bytes_unchanged(&stack).await;
    }
}
