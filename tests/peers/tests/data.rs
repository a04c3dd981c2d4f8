//! Application data arrives as it was sent.

use centrifuge::Protocol;
use peers::{Client, Setup, Socket};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn json_that_other_bridges_mangle() {
    let stack = Setup::new(env!("CARGO_BIN_EXE_backend")).start();
    let mut socket = Socket::connect(&stack, "42", &[]).await;
    for method in ["echo", "value"] {
        for data in [
            "{}",
            "42",
            "null",
            "1.0",
            "1152921504606846976",
            "[]",
            "\"\"",
            "{\"a\":{}}",
            "-0.5",
            "[1.0,{}]",
        ] {
            let reply = socket.rpc(method, data).await;
            assert!(
                reply.contains(&format!(r#""rpc":{{"data":{data}}}"#)),
                "{method} {data}: {reply}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mebibyte() {
    let stack = Setup::new(env!("CARGO_BIN_EXE_backend"))
        .centrifugo(json!({
            "websocket": { "message_size_limit": 4 << 20 },
            "client": { "queue_max_size": 16 << 20 },
        }))
        .start();
    let client = Client::user(&stack, "42").await;
    let text = "x".repeat(1 << 20);
    assert_eq!(client.rpc("echo", &json!(text)).await, Ok(json!(text)));
    assert_eq!(client.rpc("len", &json!(text)).await, Ok(json!(1 << 20)));
    // Over gRPC's limit of 4 MiB: an internal error, and the worker lives on.
    let answer = client.rpc("big/5000000", &json!(null)).await;
    assert_eq!(answer, Err("error 100 internal server error (temporary)".into()));
    assert_eq!(client.rpc("echo", &json!(1)).await, Ok(json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn binary_data_of_clients_on_the_protobuf_protocol() {
    for binary_encoding in [false, true] {
        let stack = Setup::new(env!("CARGO_BIN_EXE_backend"))
            .centrifugo(json!({ "rpc": { "proxy": { "binary_encoding": binary_encoding } } }))
            .start();
        let mut client = Client::start_with(&stack, Protocol::Protobuf, br#"{"user":"42"}"#.to_vec());
        assert_eq!(client.outcome().await, "connected");
        let bytes: Vec<u8> = (0..=255).collect();
        let answer = client.inner.rpc("echo", bytes.clone()).await.expect("an answer");
        assert_eq!(answer.data, bytes, "binary_encoding: {binary_encoding}");
    }
}
