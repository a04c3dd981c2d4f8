use std::time::{Duration, SystemTime, UNIX_EPOCH};

use centrifugo::api::method;
use centrifugo::testing::TestClient;
use serde_json::json;

use super::{Test, chat_with_ann_and_bob};
use crate::member::Member;
use crate::membership::LIFETIME;
use crate::messages::Post;
use crate::store::Store;

/// Returns how long from now this Unix time is.
fn time_until(unix_seconds: i64) -> Result<Duration, centrifugo::BoxError> {
    let time = UNIX_EPOCH + Duration::from_secs(unix_seconds.try_into()?);
    Ok(time.duration_since(SystemTime::now()).unwrap_or_default())
}

#[tokio::test]
async fn renews_the_subscription_of_a_member() -> Test {
    let (chat, _) = chat_with_ann_and_bob().await?;
    let entered = chat.subscribe("room:lobby").user("bob").await;
    let renewed = chat.sub_refresh("room:lobby").user("bob").await;
    for expire_at in [
        entered.result().ok_or("no result")?.expire_at,
        renewed.result().ok_or("no result")?.expire_at,
    ] {
        let left = time_until(expire_at)?;
        assert!(
            left > LIFETIME / 2 && left <= LIFETIME + Duration::from_secs(1),
            "{left:?}"
        );
    }
    // Bob has not entered this room.
    let answer = chat.sub_refresh("room:tea").user("bob").await;
    assert!(answer.result().is_some_and(|result| result.expired), "{answer}");
    Ok(())
}

#[tokio::test]
async fn ends_the_membership_of_an_expelled_user() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    assert!(chat.rpc("expel/lobby/Bob").user("ann").await.result().is_some());
    let text = "Bob was expelled by Ann".to_owned();
    assert_eq!(api.published_json::<Post>("room:lobby")?, [Post::Notice { text }]);
    // The connection of Bob is not closed, and the other rooms stay open.
    assert!(api.calls::<method::Disconnect>().is_empty());
    assert!(chat.subscribe("room:tea").user("bob").await.result().is_some());

    let sees = "error 1004: you are not in this room";
    let line = chat
        .publish("room:lobby")
        .user("bob")
        .json(&json!({ "text": "hi" }));
    assert_eq!(line.await.client_sees(), sees);
    let answer = chat.sub_refresh("room:lobby").user("bob").await;
    assert!(answer.result().is_some_and(|result| result.expired), "{answer}");
    assert_eq!(
        chat.subscribe("room:lobby").user("bob").await.client_sees(),
        "error 1005: a moderator expelled you from this room"
    );

    assert!(chat.rpc("readmit/lobby/Bob").user("ann").await.result().is_some());
    assert!(chat.subscribe("room:lobby").user("bob").await.result().is_some());
    Ok(())
}

#[tokio::test]
async fn ends_the_subscription_of_a_banned_user() -> Test {
    let (chat, _) = chat_with_ann_and_bob().await?;
    assert!(chat.rpc("ban/Bob").user("ann").await.result().is_some());
    let answer = chat.sub_refresh("room:lobby").user("bob").await;
    assert!(answer.result().is_some_and(|result| result.expired), "{answer}");
    Ok(())
}

#[tokio::test]
async fn refuses_expulsions_by_members_and_of_moderators() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    for method in ["expel/lobby/Ann", "readmit/lobby/Bob"] {
        let answer = chat.rpc(method).user("bob").await;
        assert_eq!(answer.error().map(|error| error.code), Some(403), "{method}");
    }
    for method in ["expel/lobby/Ann", "expel/lobby/Eve", "readmit/lobby/Bob"] {
        let answer = chat.rpc(method).user("ann").await;
        assert_eq!(answer.error().map(|error| error.code), Some(404), "{method}");
    }
    assert!(api.called().is_empty());
    Ok(())
}

/// The test provides the member, so that no login is needed.
#[tokio::test]
async fn checks_each_room_on_its_own() -> Test {
    let guest = Member {
        rooms: vec!["lobby".to_owned(), "tea".to_owned()],
        expelled_from: vec!["tea".to_owned()],
        ..Default::default()
    };
    let chat = TestClient::builder()
        .api(centrifugo::testing::Api::new().client())
        .state(Store::open("")?)
        .scoped(guest)
        .build()
        .await?;
    for (channel, expired) in [("room:lobby", false), ("room:tea", true), ("room:vault", true)] {
        let answer = chat.sub_refresh(channel).await;
        assert_eq!(
            answer.result().map(|result| result.expired),
            Some(expired),
            "{channel}"
        );
    }
    Ok(())
}
