//! `examples/chat` in browsers and under RoadRunner.

use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use centrifuge::{ClientEvent, SubscriptionEvent};
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
    assert!(!centrifugo_listens(&chat), "Centrifugo still listens");
}

/// Runs a script with one or two browsers in a chat of its own.
fn run_in_browsers(name: &str) {
    let chromium = chromium();
    let chat = Chat::start();
    script(name, &[&chat.page(), &chromium.display().to_string()]);
}

#[test]
fn fits_a_phone() {
    run_in_browsers("chat_phone.mjs");
}

#[test]
fn links_a_second_device() {
    run_in_browsers("chat_device.mjs");
}

#[test]
fn shows_an_expulsion() {
    run_in_browsers("chat_expulsion.mjs");
}

fn centrifugo_listens(chat: &Chat) -> bool {
    let address = chat
        .url()
        .replace("ws://", "")
        .replace("/connection/websocket", "");
    TcpStream::connect(address).is_ok()
}

#[test]
fn leaves_no_centrifugo_behind_when_it_is_killed() {
    let mut chat = Chat::start();
    assert!(centrifugo_listens(&chat));
    chat.process.kill();
    let end = Instant::now() + Duration::from_secs(5);
    while centrifugo_listens(&chat) {
        assert!(Instant::now() < end, "Centrifugo still listens");
        std::thread::sleep(Duration::from_millis(20));
    }
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

/// Connects with a name.
async fn login(chat: &impl ClientUrl, name: &str) -> Client {
    let data = json!({ "name": name, "secret": format!("the secret of {name}") });
    let mut client = Client::start(chat, &data);
    connected(&mut client).await;
    client
}

/// Waits until the client is connected and subscribed to its personal channel. The client blocks until both events are read.
async fn connected(client: &mut Client) {
    assert_eq!(client.outcome().await, "connected");
    let event = client.next().await;
    assert!(
        matches!(&event, ClientEvent::ServerSubscribed(event) if event.channel.starts_with("personal:")),
        "{event:?}"
    );
}

async fn enter_lobby(chat: &impl ClientUrl, name: &str) -> (Client, ClientSubscription) {
    let client = login(chat, name).await;
    let mut room = client.subscribe("room:lobby");
    assert_eq!(room.outcome().await, "subscribed ");
    (client, room)
}

/// Waits for the next publication in the personal channel.
async fn mention(client: &mut Client) -> Value {
    loop {
        if let ClientEvent::ServerPublication(event) = client.next().await {
            return serde_json::from_slice(&event.publication.data).expect("JSON");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn renews_memberships_and_ends_that_of_an_expelled_user() {
    let chat = Chat::start();
    let (ann, mut room) = enter_lobby(&chat, "Ann").await;
    let (_bob, mut bobs) = enter_lobby(&chat, "Bob").await;
    // Longer than the life of a subscription, the delay and two presence ticks: it has been renewed.
    let time = Duration::from_secs(18);
    let (anns, _) = tokio::join!(room.read_for(time), bobs.read_for(time));
    assert!(anns.iter().all(keeps_subscription), "{anns:?}");
    ann.publish("room:lobby", &json!({ "text": "still here?" }))
        .await
        .expect("a member");
    let line = ("Ann".to_owned(), "still here?".to_owned());
    while message(&mut bobs).await != line {}

    assert_eq!(ann.rpc("expel/lobby/Bob", &Value::Null).await, Ok(Value::Null));
    assert_eq!(bobs.outcome().await, "subscribing 2501 subscription expired");
    assert_eq!(
        bobs.outcome().await,
        "unsubscribed 1005 a moderator expelled you from this room"
    );
    // The subscription of Ann goes on, without an event in between.
    ann.publish("room:lobby", &json!({ "text": "bye" }))
        .await
        .expect("a member");
    loop {
        match room.next().await {
            SubscriptionEvent::Publication(event) => {
                let post: Value = serde_json::from_slice(&event.publication.data).expect("JSON");
                if post["text"] == "bye" {
                    break;
                }
            }
            other => assert!(keeps_subscription(&other), "{other:?}"),
        }
    }
}

/// Returns whether the event does not change the subscription.
fn keeps_subscription(event: &SubscriptionEvent) -> bool {
    use SubscriptionEvent::{Join, Leave, Publication};
    matches!(event, Publication(_) | Join(_) | Leave(_))
}

#[tokio::test(flavor = "multi_thread")]
async fn connects_a_second_device_with_a_token() {
    let chat = Chat::start();
    let (ann, room) = enter_lobby(&chat, "Ann").await;
    // Centrifugo allows such a name in server-side subscriptions, although clients can't subscribe to it.
    let (mut zoe, zoes) = enter_lobby(&chat, "Zoë").await;
    drop((room, zoes));
    let token = zoe.rpc("device/token", &Value::Null).await.expect("a token");
    let token = token.as_str().expect("a text");
    let mut device = Client::start_with_token(&chat, token);
    connected(&mut device).await;
    assert_eq!(
        device.rpc("me", &Value::Null).await,
        Ok(json!({ "name": "Zoë", "is_moderator": false }))
    );
    // A mention reaches both devices, in whatever room they are.
    let line = json!({ "text": "hello @zoë!" });
    assert_eq!(ann.publish("room:lobby", &line).await, Ok(()));
    let expected = json!({ "room": "lobby", "by": "Ann", "text": "hello @zoë!" });
    assert_eq!(mention(&mut zoe).await, expected);
    assert_eq!(mention(&mut device).await, expected);

    // Nobody else can subscribe to the channel, and the key is that of this start only.
    let mut spy = zoe.subscribe("personal:ann");
    assert_eq!(spy.outcome().await, "unsubscribed 103 permission denied");
    let other = Chat::start();
    let mut device = Client::start_with_token(&other, token);
    assert_eq!(device.end().await, "disconnected 3500 invalid token");
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
    // The environment of the workers has no key.
    assert_eq!(
        bob.rpc("device/token", &Value::Null).await,
        Err("error 1020 this server can't link devices".into())
    );
    // The client blocks until events of its subscriptions are read.
    drop((room, bobs));
    assert_eq!(ann.rpc("ban/Bob", &Value::Null).await, Ok(Value::Null));
    assert_eq!(bob.end().await, "disconnected 4503 you are banned");
    let mut bob = Client::start(&stack, &json!({ "name": "Bob", "secret": "the secret of Bob" }));
    assert_eq!(bob.end().await, "disconnected 4503 you are banned");
}
