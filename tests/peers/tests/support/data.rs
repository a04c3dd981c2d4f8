//! Application data arrives as it was sent.

use centrifuge::Protocol;
use peers::{Client, Peers, Socket};
use serde_json::json;

pub async fn json_that_other_bridges_mangle(stack: &impl Peers) {
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

/// Bytes that are not JSON, of clients on the protobuf protocol.
pub async fn bytes(stack: &impl Peers) {
    let mut client = Client::start_with(stack, Protocol::Protobuf, br#"{"user":"42"}"#.to_vec());
    assert_eq!(client.outcome().await, "connected");
    let bytes: Vec<u8> = (0..=255).collect();
    let answer = client.inner.rpc("echo", bytes.clone()).await.expect("an answer");
    assert_eq!(answer.data, bytes);
}

/// What a client on the protobuf protocol sees of each event.
pub async fn protobuf(stack: &impl Peers) {
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
    // The client waits for whoever does not take its events.
    drop(room);
    let refused = client.rpc("refused", &json!(null)).await;
    assert_eq!(refused, Err("error 1234 refused".into()));
    client.rpc_unseen("kicked");
    assert_eq!(client.outcome().await, "disconnected 4504 kicked");
}
