//! Checks of each event: success, error, disconnect and internal error, as the client sees them.

use std::time::Duration;

use peers::{Client, Peers, Socket};
use serde_json::{Value, json};

pub async fn connect(stack: &impl Peers) {
    Client::connect_as(stack, "42").await;
    for (user, expected) in [
        ("unknown", "disconnected 404 no such user"),
        ("banned", "disconnected 4501 banned"),
    ] {
        let mut client = Client::start(stack, &json!({ "user": user }));
        assert_eq!(client.end().await, expected, "{user}");
    }
    // The client tries again by itself after a temporary error.
    for (user, expected) in [
        ("busy", "error Connect: busy (1000)"),
        ("panic", "error Connect: internal server error (100)"),
    ] {
        let mut client = Client::start(stack, &json!({ "user": user }));
        assert_eq!(client.outcome().await, expected, "{user}");
        assert_eq!(client.outcome().await, expected, "{user}");
    }
    // Data of another shape is a bad request. An anonymous client can connect.
    let mut client = Client::start(stack, &json!([1]));
    assert_eq!(client.end().await, "disconnected 107 bad request");
    Client::connect_as(stack, "").await;
    let log = stack.backend().wait_for_log("a secret of the code");
    assert!(log.contains("panicked"), "{log}");
}

pub async fn rpc(stack: &impl Peers) {
    let mut client = Client::connect_as(stack, "42").await;
    assert_eq!(
        client.rpc("echo", &json!({ "a": [1, null] })).await,
        Ok(json!({ "a": [1, null] }))
    );
    assert_eq!(
        client.rpc("meta", &Value::Null).await,
        Ok(json!({ "since": "42" }))
    );
    let refused = client.rpc("refused", &Value::Null).await;
    assert_eq!(refused, Err("error 1234 refused".into()));
    let none = client.rpc("nothing", &Value::Null).await;
    assert_eq!(none, Err("error 104 method not found".into()));
    let internal = client.rpc("internal", &Value::Null).await;
    assert_eq!(
        internal,
        Err("error 100 internal server error (temporary)".into())
    );
    let shape = client.rpc("len", &json!(1)).await;
    assert_eq!(shape, Err("error 107 bad request".into()));
    client.rpc_unseen("kicked");
    assert_eq!(client.outcome().await, "disconnected 4504 kicked");
}

pub async fn subscribe(stack: &impl Peers) {
    let mut client = Client::connect_as(stack, "42").await;
    let outcome = client.subscribe("news:world").outcome().await;
    assert_eq!(outcome, "subscribed \"news:world for 42\"");
    let outcome = client.subscribe("news:secret").outcome().await;
    assert_eq!(outcome, "unsubscribed 103 permission denied");
    let outcome = client.subscribe("news:panic").outcome().await;
    assert_eq!(outcome, "error Subscribe: internal server error (100)");
    client.subscribe_unseen("news:banned");
    assert_eq!(client.outcome().await, "disconnected 4502 not for you");

    // The handler takes a user, but this connection is anonymous.
    let anonymous = Client::connect_as(stack, "").await;
    let outcome = anonymous.subscribe("news:world").outcome().await;
    assert_eq!(outcome, "unsubscribed 101 unauthorized");
}

pub async fn publish(stack: &impl Peers) {
    let mut client = Client::connect_as(stack, "42").await;
    let other = Client::connect_as(stack, "43").await;
    let mut room = other.subscribe("chat:1");
    assert_eq!(room.outcome().await, "subscribed ");
    let mut plain = other.subscribe("chat:as-it-is");
    assert_eq!(plain.outcome().await, "subscribed ");

    assert_eq!(client.publish("chat:1", &json!({ "text": "hi" })).await, Ok(()));
    let expected = (
        json!({ "text": "hi", "by": "42" }),
        vec![("room".into(), "1".into())],
    );
    assert_eq!(room.publication().await, expected);
    assert_eq!(
        client.publish("chat:as-it-is", &json!({ "n": 1.0 })).await,
        Ok(())
    );
    assert_eq!(plain.publication().await, (json!({ "n": 1.0 }), vec![]));

    let closed = client.publish("chat:closed", &json!({})).await;
    assert_eq!(closed, Err("error 103 permission denied".into()));
    let internal = client.publish("chat:panic", &json!({})).await;
    assert_eq!(
        internal,
        Err("error 100 internal server error (temporary)".into())
    );
    client.publish_unseen("chat:banned");
    assert_eq!(client.outcome().await, "disconnected 4503 no shouting");
}

/// Returns the outcome within 8 s of a connection that expires after 1 s.
async fn refreshed(stack: &impl Peers, user: &str) -> String {
    let mut client = Client::start(stack, &json!({ "user": user, "expires_in": 1 }));
    assert_eq!(client.outcome().await, "connected");
    match tokio::time::timeout(Duration::from_secs(8), client.outcome()).await {
        Ok(outcome) => outcome,
        Err(_) => {
            let alive = client.rpc("echo", &json!(1)).await;
            assert_eq!(alive, Ok(json!(1)), "{user}");
            "stays".into()
        }
    }
}

pub async fn refresh(stack: &impl Peers) {
    let users = ["stays", "gone", "down", "later", "refused", "kicked", "crash"];
    let [stays, gone, down, later, refused, kicked, crash] = users.map(|user| refreshed(stack, user));
    let outcomes = tokio::join!(stays, gone, down, later, refused, kicked, crash);
    // An internal error must not disconnect users. A refusal ends the connection with 3005 (expired).
    assert_eq!(outcomes.0, "stays");
    assert_eq!(outcomes.2, "stays");
    assert_eq!(outcomes.3, "stays");
    assert_eq!(outcomes.6, "stays");
    for expired in [outcomes.1, outcomes.4, outcomes.5] {
        assert!(
            expired.contains("3005") || expired.contains("expired"),
            "{expired}"
        );
    }
    let notes = std::fs::read_to_string(stack.file("notes")).expect("notes");
    for user in users {
        assert!(notes.contains(&format!("refresh {user}")), "{notes}");
    }
}

pub async fn sub_refresh(stack: &impl Peers) {
    let client = Client::connect_as(stack, "42").await;
    let watch = async |what: &str| {
        let mut subscribed = client.subscribe(&format!("news:short-{what}"));
        assert!(subscribed.outcome().await.starts_with("subscribed"), "{what}");
        tokio::time::timeout(Duration::from_secs(8), subscribed.outcome())
            .await
            .unwrap_or_else(|_| "stays".into())
    };
    let (stays, gone, down, refused) =
        tokio::join!(watch("stays"), watch("gone"), watch("down"), watch("refused"));
    assert_eq!(stays, "stays");
    assert_eq!(down, "stays");
    // The client subscribes again by itself after the end of its subscription.
    for expired in [gone, refused] {
        assert_eq!(expired, "subscribing 2501 subscription expired");
    }
    let notes = std::fs::read_to_string(stack.file("notes")).expect("notes");
    for what in ["stays", "gone", "down", "refused"] {
        assert!(notes.contains(&format!("sub_refresh {what}")), "{notes}");
    }
}

pub async fn ignores_a_type_header(stack: &impl Peers) {
    let mut socket = Socket::open(stack, &[("Type", "rpc"), ("X-Tenant", "a"), ("X-Tenant", "b")]).await;
    let reply = socket
        .command(json!({ "connect": { "data": { "user": "42" } } }))
        .await;
    // The connect handler ran and received both tenants and no `type`.
    assert!(
        reply.contains(r#""data":{"tenant":["a","b"],"type":0}"#),
        "{reply}"
    );
    let reply = socket
        .command(json!({ "subscribe": { "channel": "news:secret" } }))
        .await;
    assert!(reply.contains(r#""code":103"#), "{reply}");
    assert!(socket.rpc("echo", "1").await.contains(r#""rpc":{"data":1}"#));
}
