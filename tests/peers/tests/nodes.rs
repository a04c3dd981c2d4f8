//! Two nodes of Centrifugo, connected by Redis, with one backend program.

mod support;

use peers::{Client, Redis, Transport};
use serde_json::json;
use support::direct;

async fn check_two_nodes(transport: Transport) {
    let redis = Redis::start();
    let mut pair = direct::backend(env!("CARGO_BIN_EXE_backend"), transport)
        .centrifugo(json!({ "engine": { "type": "redis", "redis": { "address": redis.address() } } }))
        .start();
    let other = pair.another_node("other");
    let ann = Client::connect_as(&pair, "ann").await;
    let bob = Client::connect_as(&other, "bob").await;
    let mut room = bob.subscribe("chat:1");
    assert_eq!(room.outcome().await, "subscribed ");
    let mut own = ann.subscribe("chat:1");
    assert_eq!(own.outcome().await, "subscribed ");
    for text in ["hi", "ho"] {
        assert_eq!(ann.publish("chat:1", &json!({ "text": text })).await, Ok(()));
        let expected = (
            json!({ "text": text, "by": "ann" }),
            vec![("room".into(), "1".into())],
        );
        assert_eq!(room.publication().await, expected);
        assert_eq!(own.publication().await, expected);
    }
    // The program answers clients of both nodes.
    assert_eq!(ann.rpc("meta", &json!(null)).await, Ok(json!({ "since": "ann" })));
    assert_eq!(bob.rpc("meta", &json!(null)).await, Ok(json!({ "since": "bob" })));
    drop((own, ann));

    // When one node exits, its clients reconnect to the other.
    pair.node.process.kill();
    let ann = Client::connect_as(&other, "ann").await;
    assert_eq!(ann.publish("chat:1", &json!({ "text": "still" })).await, Ok(()));
    assert_eq!(
        room.publication().await.0,
        json!({ "text": "still", "by": "ann" })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_two_nodes_over_grpc() {
    check_two_nodes(Transport::Grpc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_two_nodes_over_http() {
    check_two_nodes(Transport::Http).await;
}
