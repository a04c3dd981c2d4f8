use std::time::Duration;

use centrifugo::api::method;
use centrifugo::testing::{Api, TestClient};
use serde_json::json;

use super::{Test, chat_with_ann_and_bob, login};
use crate::mentions::Mention;

/// Publishes a message of Ann in the lobby.
async fn say(chat: &TestClient, text: &str) {
    let line = json!({ "text": text });
    let answer = chat.publish("room:lobby").user("ann").json(&line).await;
    assert!(answer.result().is_some(), "{answer}");
}

/// Waits until the chat has called the server API, in a task of its own.
async fn wait_for_call(api: &Api) -> Test {
    let called = async {
        while api.called().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    Ok(tokio::time::timeout(Duration::from_secs(5), called).await?)
}

#[tokio::test]
async fn subscribes_each_connection_to_its_personal_channel() -> Test {
    let (chat, _) = chat_with_ann_and_bob().await?;
    let answer = chat.connect().json(&login("Bob")).await;
    let channels: Vec<_> = answer.result().ok_or("no result")?.subs.keys().collect();
    assert_eq!(channels, ["personal:bob"]);
    Ok(())
}

#[tokio::test]
async fn notifies_the_mentioned_members() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    say(&chat, "@Bob, @bob: are you there?").await;
    wait_for_call(&api).await?;
    let mention = Mention {
        room: "lobby".to_owned(),
        by: "Ann".to_owned(),
        text: "@Bob, @bob: are you there?".to_owned(),
    };
    assert_eq!(api.calls::<method::Broadcast>()[0].channels, ["personal:bob"]);
    assert_eq!(api.published_json::<Mention>("personal:bob")?, [mention]);
    Ok(())
}

#[tokio::test]
async fn notifies_nobody_who_may_not_read_the_message() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    // Eve has not entered the lobby, Zoe is no user, and the author knows what she wrote.
    chat.connect().json(&login("Eve")).await;
    say(&chat, "@Eve @Zoe @Ann a@b @ @bottle hello").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(api.called().is_empty(), "{:?}", api.called());
    Ok(())
}
