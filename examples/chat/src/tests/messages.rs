use centrifugo::api::method;
use centrifugo::testing::TestClient;
use serde_json::json;

use super::{Test, chat_with_ann_and_bob};
use crate::member::Member;
use crate::messages::{Message, MessageQuery, Post};
use crate::store::Store;

async fn texts(chat: &TestClient, wanted: MessageQuery) -> Result<Vec<String>, centrifugo::BoxError> {
    let messages: Vec<Message> = chat
        .rpc("messages/lobby")
        .user("bob")
        .json(&wanted)
        .await
        .json()?;
    Ok(messages.into_iter().map(|message| message.text).collect())
}

#[tokio::test]
async fn publishes_a_line_as_a_message() -> Test {
    let (chat, _) = chat_with_ann_and_bob().await?;
    let answer = chat
        .publish("room:lobby")
        .user("bob")
        .json(&json!({ "text": " hi\n" }))
        .await;
    let post: Post = serde_json::from_slice(&answer.result().ok_or("no result")?.data)?;
    let Post::Message(message) = post else {
        return Err(format!("{post:?}").into());
    };
    assert_eq!((message.by.as_str(), message.text.as_str()), ("Bob", "hi"));
    assert_eq!(
        texts(&chat, MessageQuery::default())
            .await?
            .last()
            .map(String::as_str),
        Some("hi")
    );
    Ok(())
}

#[tokio::test]
async fn refuses_invalid_messages() -> Test {
    let (chat, _) = chat_with_ann_and_bob().await?;
    for (text, sees) in [
        (" \n", "error 1010: there is nothing in this message"),
        (
            &"ä".repeat(501),
            "error 1011: a message has at most 500 characters",
        ),
    ] {
        let answer = chat
            .publish("room:lobby")
            .user("bob")
            .json(&json!({ "text": text }))
            .await;
        assert_eq!(answer.client_sees(), sees);
    }
    let answer = chat.publish("room:lobby").user("bob").data("{}").await;
    assert_eq!(answer.client_sees(), "error 107: bad request");
    Ok(())
}

/// The test provides the member, so that no login and no database is needed.
#[tokio::test]
async fn refuses_members_who_are_not_in_the_room() -> Test {
    let api = centrifugo::testing::Api::new();
    let guest = Member {
        name: "Guest".to_owned(),
        rooms: vec!["lobby".to_owned()],
        ..Default::default()
    };
    let chat = TestClient::builder()
        .api(api.client())
        .state(Store::open("")?)
        .scoped(guest)
        .build()
        .await?;
    let line = json!({ "text": "hi" });
    let sees = "error 1004: you are not in this room";
    assert!(chat.publish("room:lobby").json(&line).await.result().is_some());
    assert_eq!(chat.publish("room:tea").json(&line).await.client_sees(), sees);
    assert_eq!(
        chat.rpc("messages/tea").json(&json!({})).await.client_sees(),
        sees
    );
    assert_eq!(chat.rpc("typing/tea").await.client_sees(), sees);
    assert!(api.called().is_empty());
    Ok(())
}

#[tokio::test]
async fn returns_messages_in_pages() -> Test {
    let (chat, _) = chat_with_ann_and_bob().await?;
    let store = chat.state::<Store>().ok_or("a store")?;
    for number in 1..=60 {
        store.save_message("lobby", "Ann", &number.to_string()).await?;
    }
    // Messages 1 and 2 are the two welcomes of the bot.
    let newest = texts(&chat, MessageQuery::default()).await?;
    assert_eq!(
        (newest.len(), newest[0].as_str(), newest[49].as_str()),
        (50, "11", "60")
    );
    let earlier = texts(&chat, MessageQuery { before: Some(13) }).await?;
    assert_eq!((earlier.len(), earlier[11].as_str()), (12, "10"));
    Ok(())
}

#[tokio::test]
async fn publishes_typing_notices() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    assert!(chat.rpc("typing/lobby").user("bob").await.result().is_some());
    let by = "Bob".to_owned();
    assert_eq!(api.published_json::<Post>("room:lobby")?, [Post::Typing { by }]);
    assert!(api.calls::<method::Publish>()[0].skip_history);
    Ok(())
}

#[tokio::test]
async fn limits_the_messages_of_one_user() -> Test {
    let (chat, _) = chat_with_ann_and_bob().await?;
    let say = |user| {
        chat.publish("room:lobby")
            .user(user)
            .json(&json!({ "text": "hi" }))
    };
    for _ in 0..10 {
        assert!(say("bob").await.result().is_some());
    }
    // One message per second stays allowed, so a slow machine may need more than one to see the refusal.
    let mut answer = say("bob").await;
    for _ in 0..20 {
        if answer.error().is_none() {
            answer = say("bob").await;
        }
    }
    assert_eq!(answer.client_sees(), "error 111: too many requests (temporary)");
    assert!(say("ann").await.result().is_some());
    Ok(())
}
