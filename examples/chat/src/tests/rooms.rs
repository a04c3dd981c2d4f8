use std::collections::BTreeMap;

use centrifugo::api::method;
use centrifugo::proto::api::{ClientInfo, PresenceResult, PresenceStatsResult};
use centrifugo::testing::Api;
use serde_json::json;

use super::{Test, chat_with_ann_and_bob, published_messages};
use crate::rooms::RoomSummary;

/// Sets the users in the fake's presence answers.
fn present(api: &Api, users: &[&str]) {
    let info = |user: &&str| ClientInfo {
        user: (*user).to_owned(),
        ..Default::default()
    };
    let presence: BTreeMap<_, _> = users
        .iter()
        .enumerate()
        .map(|(client, user)| (client.to_string(), info(user)))
        .collect();
    api.answer::<method::Presence>(PresenceResult { presence });
}

#[tokio::test]
async fn welcomes_users_who_enter_for_the_first_time() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    chat.connect().json(&super::login("Eve")).await;
    for _ in 0..2 {
        assert!(chat.subscribe("room:lobby").user("eve").await.result().is_some());
        assert_eq!(
            published_messages(&api)?,
            ["Welcome, Eve! Say “@bot help” to me."]
        );
    }
    Ok(())
}

#[tokio::test]
async fn allows_entering_when_the_bot_fails() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    api.refuse::<method::Publish>(100, "internal server error");
    chat.connect().json(&super::login("Eve")).await;
    assert!(chat.subscribe("room:lobby").user("eve").await.result().is_some());
    Ok(())
}

#[tokio::test]
async fn limits_the_users_at_a_table() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    present(&api, &["eve", "eve", "mia"]);
    assert_eq!(
        chat.subscribe("room:tea").user("bob").await.client_sees(),
        "error 1001: the room is full"
    );
    // Two connections of one user take one seat. The user's own connections do not count.
    present(&api, &["eve", "eve", "bob"]);
    assert!(chat.subscribe("room:tea").user("bob").await.result().is_some());
    Ok(())
}

#[tokio::test]
async fn asks_for_a_password_once() -> Test {
    let (chat, _) = chat_with_ann_and_bob().await?;
    let enter = || chat.subscribe("room:vault").user("bob");
    let refused = "error 1002: this is not the password";
    assert_eq!(enter().await.client_sees(), refused);
    assert_eq!(
        enter().json(&json!({ "password": "x" })).await.client_sees(),
        refused
    );
    assert!(
        enter()
            .json(&json!({ "password": "sesame" }))
            .await
            .result()
            .is_some()
    );
    assert!(enter().await.result().is_some());
    Ok(())
}

#[tokio::test]
async fn admits_only_moderators_to_the_staff_room() -> Test {
    let (chat, _) = chat_with_ann_and_bob().await?;
    assert!(chat.subscribe("room:staff").user("ann").await.result().is_some());
    assert_eq!(
        chat.subscribe("room:staff").user("bob").await.client_sees(),
        "error 1003: this room is for moderators"
    );
    assert_eq!(
        chat.subscribe("room:attic").user("bob").await.client_sees(),
        "error 102: unknown channel"
    );
    Ok(())
}

#[tokio::test]
async fn lists_rooms_with_their_number_of_users() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    api.on::<method::PresenceStats>(|request| {
        let num_users = u32::from(request.channel == "room:tea");
        Ok(PresenceStatsResult {
            num_users,
            num_clients: 2 * num_users,
        })
    });
    let rooms: Vec<RoomSummary> = chat.rpc("rooms").user("bob").await.json()?;
    let seen: Vec<_> = rooms
        .iter()
        .map(|room| (room.name.as_str(), room.people, room.wants_password))
        .collect();
    assert_eq!(
        seen,
        [
            ("lobby", 0, false),
            ("tea", 1, false),
            ("vault", 0, true),
            ("staff", 0, false)
        ]
    );
    Ok(())
}
