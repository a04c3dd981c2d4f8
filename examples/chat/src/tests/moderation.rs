use centrifugo::api::method;

use super::{Test, chat_with_ann_and_bob, login};
use crate::messages::Post;

#[tokio::test]
async fn disconnects_banned_users_and_refuses_them() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    assert!(chat.rpc("ban/Bob").user("ann").await.result().is_some());

    let sent_out = api.calls::<method::Disconnect>();
    let reason = sent_out[0].disconnect.as_ref().ok_or("a reason")?;
    assert_eq!((sent_out[0].user.as_str(), reason.code), ("bob", 4503));
    let text = "Bob was banned by Ann".to_owned();
    assert_eq!(api.published_json::<Post>("room:tea")?, [Post::Notice { text }]);

    let sees = "disconnect 4503: you are banned";
    assert_eq!(chat.connect().json(&login("Bob")).await.client_sees(), sees);
    assert_eq!(chat.subscribe("room:lobby").user("bob").await.client_sees(), sees);
    assert_eq!(chat.rpc("typing/lobby").user("bob").await.client_sees(), sees);

    assert!(chat.rpc("unban/Bob").user("ann").await.result().is_some());
    assert!(chat.connect().json(&login("Bob")).await.result().is_some());
    Ok(())
}

#[tokio::test]
async fn lets_kicked_users_reconnect() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    assert!(chat.rpc("kick/Bob").user("ann").await.result().is_some());
    assert_eq!(api.called(), ["Disconnect", "Broadcast"]);
    assert!(chat.connect().json(&login("Bob")).await.result().is_some());
    Ok(())
}

#[tokio::test]
async fn refuses_moderation_by_members_and_of_moderators() -> Test {
    let (chat, api) = chat_with_ann_and_bob().await?;
    for method in ["ban/Ann", "unban/Ann", "kick/Ann"] {
        let answer = chat.rpc(method).user("bob").await;
        assert_eq!(
            answer.client_sees(),
            "error 403: only moderators may do this",
            "{method}"
        );
    }
    for method in ["ban/Ann", "ban/Eve", "unban/Eve", "kick/Eve"] {
        let answer = chat.rpc(method).user("ann").await;
        assert_eq!(answer.error().map(|error| error.code), Some(404), "{method}");
    }
    // A method with an invalid name is not found.
    assert_eq!(
        chat.rpc("ban/x").user("ann").await.client_sees(),
        "error 104: method not found"
    );
    assert!(api.called().is_empty());
    Ok(())
}
