use serde_json::{Value, json};

use super::{Test, chat, chat_with_ann_and_bob, login};

#[tokio::test]
async fn makes_the_first_member_a_moderator() -> Test {
    let (chat, _) = chat().await?;
    for (name, is_moderator) in [("Ann", true), ("Bob", false), ("Ann", true)] {
        let answer = chat.connect().json(&login(name)).await;
        let result = answer.result().ok_or("no result")?;
        assert_eq!(result.user, name.to_lowercase());
        assert_eq!(
            serde_json::from_slice::<Value>(&result.info)?,
            json!({ "name": name })
        );
        let you: Value = serde_json::from_slice(&result.data)?;
        assert_eq!(you, json!({ "name": name, "is_moderator": is_moderator }));
    }
    Ok(())
}

#[tokio::test]
async fn refuses_a_taken_name() -> Test {
    let (chat, _) = chat_with_ann_and_bob().await?;
    for name in ["Ann", "ANN", "bot", "Bot"] {
        let answer = chat
            .connect()
            .json(&json!({ "name": name, "secret": "another one's secret" }))
            .await;
        assert_eq!(answer.client_sees(), "error 409: this name is taken", "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn refuses_invalid_names() -> Test {
    let (chat, _) = chat().await?;
    for name in ["", "A", "A b", "room:1", "a/b", &"a".repeat(21)] {
        let answer = chat.connect().json(&login(name)).await;
        assert_eq!(answer.error().map(|error| error.code), Some(422), "{name}");
    }
    for name in ["Zoë", "李雷", "a_b-9"] {
        assert!(
            chat.connect().json(&login(name)).await.result().is_some(),
            "{name}"
        );
    }
    let answer = chat
        .connect()
        .json(&json!({ "name": "Ann", "secret": "short" }))
        .await;
    assert_eq!(answer.error().map(|error| error.code), Some(423));
    assert_eq!(chat.connect().await.client_sees(), "error 107: bad request");
    Ok(())
}

#[tokio::test]
async fn disconnects_users_who_are_not_in_the_database() -> Test {
    let (chat, _) = chat().await?;
    let answer = chat.rpc("rooms").user("eve").await;
    assert_eq!(answer.client_sees(), "disconnect 4001: log in again");
    assert_eq!(chat.rpc("rooms").await.client_sees(), "error 101: unauthorized");
    Ok(())
}
