use std::time::Duration;

use centrifugo::BoxError;
use centrifugo::api::method;
use centrifugo::proto::api::{ClientInfo, HistoryResult, PresenceResult, Publication};
use centrifugo::testing::{Api, TestClient};
use serde_json::json;

use super::{Test, chat_with_ann_and_bob, said};
use crate::messages::Post;

/// Bob says it.
async fn say(chat: &TestClient, text: &str) {
    let answer = chat
        .publish("room:lobby")
        .user("bob")
        .json(&json!({ "text": text }))
        .await;
    assert!(answer.result().is_some(), "{answer}");
}

/// Bob says it, and waits for the answer, which comes by itself.
async fn ask(chat: &TestClient, api: &Api, text: &str) -> Result<String, BoxError> {
    say(chat, text).await;
    let answered = async {
        loop {
            if let Some(answer) = said(api)?.pop() {
                return Ok(answer);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), answered).await?
}

#[tokio::test]
async fn it_answers_when_it_is_addressed() -> Test {
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
    // What may have been lost is sent again, but never said twice.
    assert!(!api.calls::<method::Publish>()[1].idempotency_key.is_empty());
    Ok(())
}

#[tokio::test]
async fn it_knows_who_is_here() -> Test {
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
async fn it_knows_who_said_how_much() -> Test {
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
async fn it_says_when_it_does_not_know() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    api.on::<method::Presence>(|_| Err(Api::error(100, "internal server error")));
    assert_eq!(ask(&chat, &api, "@bot who").await?, "I can't tell right now.");
    Ok(())
}
