//! Channel types with the real Centrifugo, whose configuration is the one that the program prints.

use peers::{Client, DirectSetup, DirectStack, Transport, check_config, free_port};
use serde_json::json;

fn pair() -> DirectStack {
    let api = format!("grpc://127.0.0.1:{}", free_port());
    DirectSetup::new(env!("CARGO_BIN_EXE_channel_types"), Transport::Grpc)
        .env("WORKER_API", &api)
        .start()
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_channels_with_the_options_of_their_types() {
    let pair = pair();
    check_config(&pair.program.config).expect("a configuration that Centrifugo accepts");
    let namespaces = pair.program.config["channel"]["namespaces"]
        .as_array()
        .expect("namespaces");
    let chat = namespaces.iter().find(|namespace| namespace["name"] == "chat");
    assert_eq!(
        chat.expect("a namespace"),
        &json!({
            "name": "chat", "presence": true, "join_leave": true, "history_size": 100, "history_ttl": "1h",
            "force_recovery": true, "allow_publish_for_subscriber": false, "allowed_delta_types": ["fossil"],
            "force_recovery_mode": "stream", "subscribe_proxy_enabled": true, "publish_proxy_enabled": true,
        })
    );

    let client = Client::connect_as(&pair, "ann").await;
    let mut chat = client.subscribe("chat:1");
    assert_eq!(chat.outcome().await, "subscribed \"ann in 1\"");
    for channel in ["chat:closed", "chat:1:2", "chat:1/2"] {
        assert_eq!(
            client.subscribe(channel).outcome().await,
            "unsubscribed 103 permission denied",
            "{channel}"
        );
    }

    // From the backend, typed.
    let post = |room: &str, text: &str| json!({ "room": room, "text": text });
    assert_eq!(
        client.rpc("post", &post("1", "from the backend")).await,
        Ok(json!(null))
    );
    assert_eq!(chat.publication().await.0, json!({ "text": "from the backend" }));
    // From a client: only what the type has.
    let line = json!({ "text": "from a client", "admin": true });
    assert_eq!(client.publish("chat:1", &line).await, Ok(()));
    assert_eq!(chat.publication().await.0, json!({ "text": "from a client" }));
    let refused = client.publish("chat:1", &json!(7)).await.expect_err("no line");
    assert_eq!(refused, "error 107 bad request");

    let history = client.rpc("history/1", &json!(null)).await;
    assert_eq!(history, Ok(json!(["from the backend", "from a client"])));
    let history = client.rpc("history/2", &json!(null)).await;
    assert_eq!(history, Ok(json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_nothing_for_a_value_that_does_not_fit_its_pattern() {
    let pair = pair();
    let client = Client::connect_as(&pair, "ann").await;
    for (room, reason) in [
        ("1:2", "`1:2` contains `:`"),
        ("", "it is empty"),
        ("a.b", "contains `.`"),
    ] {
        let error = client
            .rpc("post", &json!({ "room": room, "text": "x" }))
            .await
            .expect("an answer");
        let text = error.as_str().expect("a reason");
        assert!(
            text.starts_with("Publish: the field `room` of `Chat` does not fit") && text.contains(reason),
            "{text}"
        );
    }
    // Centrifugo refuses the empty channel that `Display` writes.
    assert_eq!(client.rpc("displayed", &json!(null)).await, Ok(json!(107)));
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_and_sets_keys_with_the_type_of_the_channel() {
    let pair = pair();
    let client = Client::connect_as(&pair, "ann").await;
    let mut clock = client.subscribe("clock:Rome");
    assert!(clock.outcome().await.starts_with("subscribed"));
    assert_eq!(clock.publication().await.0, json!(4));
    assert_eq!(clock.publication().await.0, json!(1));
    assert_eq!(client.rpc("others", &json!(null)).await, Ok(json!([1, "x"])));
}
