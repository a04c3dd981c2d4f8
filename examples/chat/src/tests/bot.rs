use std::time::Duration;

use centrifugo::BoxError;
use centrifugo::api::method;
use centrifugo::proto::api::{ClientInfo, HistoryResult, PresenceResult, Publication};
use centrifugo::testing::{Api, TestClient};
use serde_json::json;

use super::{Test, chat_with_ann_and_bob, published_messages};
use crate::messages::Post;

/// Publishes a message of Bob.
async fn say(chat: &TestClient, text: &str) {
    let answer = chat
        .publish("room:lobby")
        .user("bob")
        .json(&json!({ "text": text }))
        .await;
    assert!(answer.result().is_some(), "{answer}");
}

/// Publishes a message of Bob and waits for the bot's answer.
async fn ask(chat: &TestClient, api: &Api, text: &str) -> Result<String, BoxError> {
    say(chat, text).await;
    let answered = async {
        loop {
            if let Some(answer) = published_messages(api)?.pop() {
                return Ok(answer);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), answered).await?
}

#[tokio::test]
async fn answers_messages_that_begin_with_its_name() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    for other in ["hello", "ask @bot", "@bottle"] {
        say(&chat, other).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(api.called().is_empty(), "{other}");
    }
    let answer = ask(&chat, &api, "@bot, help!").await?;
    assert!(answer.starts_with("I know:"), "{answer}");
    let posts = api.published_json::<Post>("room:lobby")?;
    assert!(
        matches!(&posts[..], [Post::Typing { by }, Post::Message(_)] if by == "bot"),
        "{posts:?}"
    );
    // A call that may have been lost is repeated with the same idempotency key.
    assert!(!api.calls::<method::Publish>()[1].idempotency_key.is_empty());
    Ok(())
}

#[tokio::test]
async fn lists_the_users_in_the_room() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    let info = |name: &str| ClientInfo {
        conn_info: format!(r#"{{"name":"{name}"}}"#).into(),
        ..Default::default()
    };
    let clients = [("1", info("Bob")), ("2", info("Ann")), ("3", info("Bob"))];
    api.answer::<method::Presence>(PresenceResult {
        presence: clients.map(|(client, info)| (client.to_owned(), info)).into(),
    });
    assert_eq!(ask(&chat, &api, "@bot who").await?, "Here are: Ann, Bob.");
    Ok(())
}

#[tokio::test]
async fn counts_the_messages_of_each_user() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    let message = |by: &str| json!({ "kind": "message", "id": 1, "by": by, "text": "hi", "at": 0 });
    let typing = json!({ "kind": "typing", "by": "Ann" });
    let publications = [message("Bob"), message("Ann"), typing, message("Bob")].map(|data| Publication {
        data: data.to_string().into(),
        ..Default::default()
    });
    api.answer::<method::History>(HistoryResult {
        publications: publications.into(),
        ..Default::default()
    });
    assert_eq!(
        ask(&chat, &api, "@bot recap").await?,
        "Messages in the last hour: Ann 1, Bob 2."
    );
    Ok(())
}

#[tokio::test]
async fn apologizes_when_the_api_fails() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    api.on::<method::Presence>(|_| Err(Api::error(100, "internal server error")));
    assert_eq!(ask(&chat, &api, "@bot who").await?, "I can't tell right now.");
    Ok(())
}
