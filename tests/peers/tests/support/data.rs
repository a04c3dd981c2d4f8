//! Checks that application data arrives unchanged.

use centrifuge::Protocol;
use peers::{Client, Peers, Socket};
use serde_json::json;

pub async fn passes_json_unchanged(stack: &impl Peers) {
    let mut socket = Socket::connect(stack, "42", &[]).await;
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

/// Sends bytes that are not JSON, on the protobuf protocol.
pub async fn passes_bytes_unchanged(stack: &impl Peers) {
    let mut client = Client::start_with(stack, Protocol::Protobuf, br#"{"user":"42"}"#.to_vec());
    assert_eq!(client.outcome().await, "connected");
    let bytes: Vec<u8> = (0..=255).collect();
    let answer = client.inner.rpc("echo", bytes.clone()).await.expect("an answer");
    assert_eq!(answer.data, bytes);
}

/// Checks each event with a client on the protobuf protocol.
pub async fn answers_protobuf_clients(stack: &impl Peers) {
    let mut client = Client::start_with(stack, Protocol::Protobuf, br#"{"user":"42"}"#.to_vec());
    assert_eq!(client.outcome().await, "connected");
    for data in [json!({}), json!(42), json!(1u64 << 60), json!([null, {}])] {
        assert_eq!(client.rpc("echo", &data).await, Ok(data.clone()));
        assert_eq!(client.rpc("value", &data).await, Ok(data));
    }
    let mut room = client.subscribe("chat:proto");
    assert_eq!(room.outcome().await, "subscribed ");
    let news = client.subscribe("news:proto").outcome().await;
    assert_eq!(news, "subscribed \"news:proto for 42\"");
    assert_eq!(client.publish("chat:proto", &json!({ "n": 1.0 })).await, Ok(()));
    let tags = vec![("room".into(), "proto".into())];
    assert_eq!(room.publication().await, (json!({ "n": 1.0, "by": "42" }), tags));
    // The client blocks until events of its subscriptions are read.
    drop(room);
    let refused = client.rpc("refused", &json!(null)).await;
    assert_eq!(refused, Err("error 1234 refused".into()));
    client.rpc_unseen("kicked");
    assert_eq!(client.outcome().await, "disconnected 4504 kicked");
}
