//! `examples/chat` in browsers and under RoadRunner.

use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use peers::{Chat, Client, ClientSubscription, ClientUrl, Stack, chromium, script};
use serde_json::{Value, json};

/// Runs the two browsers of `js/chat.mjs`.
#[test]
fn works_in_browsers() {
    let chromium = chromium();
    let mut chat = Chat::start();
    let (page, chromium) = (chat.page(), chromium.display().to_string());
    let screenshots = Chat::folder().join("screenshots").display().to_string();
    let mut arguments = vec![page.as_str(), &chromium];
    if std::env::var_os("CHAT_SCREENSHOTS").is_some() {
        arguments.push(&screenshots);
    }
    script("chat.mjs", &arguments);

    // The chat stops Centrifugo when it is stopped.
    chat.process.terminate();
    let status = chat
        .process
        .wait_for_exit(Duration::from_secs(10))
        .expect("an end");
    assert!(status.success(), "{status}\n{}", chat.process.log());
    let address = chat
        .url()
        .replace("ws://", "")
        .replace("/connection/websocket", "");
    assert!(TcpStream::connect(address).is_err(), "Centrifugo still listens");
}

#[test]
fn names_a_missing_centrifugo() {
    let output = Command::new(Chat::binary())
        .env("CENTRIFUGO", "/nowhere/centrifugo")
        .output()
        .expect("the chat");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(
        said,
        "chat: CENTRIFUGO is `/nowhere/centrifugo`, which is no file\n"
    );
}

/// Waits for the next message in a room. Returns its author and its text.
async fn message(room: &mut ClientSubscription) -> (String, String) {
    loop {
        let (post, _) = room.publication().await;
        if post["kind"] == "message" {
            let text = |key: &str| post[key].as_str().unwrap_or_default().to_owned();
            return (text("by"), text("text"));
        }
    }
}

async fn enter_lobby(stack: &Stack, name: &str) -> (Client, ClientSubscription) {
    let mut client = Client::start(
        stack,
        &json!({ "name": name, "secret": format!("the secret of {name}") }),
    );
    assert_eq!(client.outcome().await, "connected");
    let mut room = client.subscribe("room:lobby");
    assert_eq!(room.outcome().await, "subscribed ");
    (client, room)
}

#[tokio::test(flavor = "multi_thread")]
async fn by_roadrunner() {
    let command = "../../target/release/chat";
    let roadrunner = Chat::file(".rr.yaml");
    assert!(roadrunner.contains(command), "{roadrunner}");
    // `Stack` replaces RoadRunner's documented port 30000 by a free one.
    let [roadrunner, config] =
        [roadrunner, Chat::file("config.json")].map(|text| text.replace("10001", "30000"));
    let roadrunner = roadrunner.replace(command, &Chat::binary().display().to_string());
    let stack = Stack::from_files(&roadrunner, &config);
    assert_eq!(stack.workers().len(), 2);

    let (ann, mut room) = enter_lobby(&stack, "Ann").await;
    let (mut bob, mut bobs) = enter_lobby(&stack, "Bob").await;
    let said = |by: &str, text: &str| (by.to_owned(), text.to_owned());
    assert_eq!(
        message(&mut room).await,
        said("bot", "Welcome, Bob! Say “@bot help” to me.")
    );
    let line = json!({ "text": " @bot who " });
    assert_eq!(bob.publish("room:lobby", &line).await, Ok(()));
    for room in [&mut room, &mut bobs] {
        assert_eq!(message(room).await, said("Bob", "@bot who"));
        assert_eq!(message(room).await, said("bot", "Here are: Ann, Bob."));
    }

    // Both workers share the database.
    for _ in 0..4 {
        let kept = ann.rpc("messages/lobby", &json!({})).await.expect("messages");
        assert_eq!(kept.as_array().map(Vec::len), Some(4), "{kept}");
    }
    assert_eq!(
        bob.rpc("ban/Ann", &Value::Null).await,
        Err("error 403 only moderators may do this".into())
    );
    // The client blocks until events of its subscriptions are read.
    drop((room, bobs));
    assert_eq!(ann.rpc("ban/Bob", &Value::Null).await, Ok(Value::Null));
    assert_eq!(bob.end().await, "disconnected 4503 you are banned");
    let mut bob = Client::start(&stack, &json!({ "name": "Bob", "secret": "the secret of Bob" }));
    assert_eq!(bob.end().await, "disconnected 4503 you are banned");
}
