//! Tests of the handlers, without Centrifugo.

use centrifugo::BoxError;
use centrifugo::testing::TestClient;

use crate::greet::Greeting;

#[tokio::test]
async fn users_with_a_name_connect() -> Result<(), BoxError> {
    let t = TestClient::builder().build().await?;
    let answer = t.connect().data(r#"{"name":" ann "}"#).await;
    assert_eq!(answer.expect_result()?.user, "ann");
    let answer = t.connect().data(r#"{"name":""}"#).await;
    assert_eq!(answer.client_sees(), "error 1000: choose another name");
    Ok(())
}

#[tokio::test]
async fn users_write_lines() -> Result<(), BoxError> {
    let t = TestClient::builder().build().await?;
    t.subscribe("room:tea").user("ann").await.expect_result()?;
    let answer = t
        .publish("room:tea")
        .user("ann")
        .data(r#"{"text":" hi "}"#)
        .await;
    // The line that is published, with its author.
    assert_eq!(answer.expect_result()?.data, r#"{"by":"ann","text":"hi"}"#);
    let answer = t
        .publish("room:tea")
        .user("ann")
        .data(r#"{"text":""}"#)
        .await;
    assert_eq!(answer.client_sees(), "error 1001: write something first");
    Ok(())
}

#[tokio::test]
async fn greets() -> Result<(), BoxError> {
    let t = TestClient::builder().build().await?;
    let answer = t.rpc("greet").user("ann").data(r#"{"whom":"bob"}"#).await;
    assert_eq!(answer.json::<Greeting>()?.text, "ann greets bob");
    // A client without a user.
    let answer = t.rpc("greet").data(r#"{"whom":"bob"}"#).await;
    assert_eq!(answer.client_sees(), "error 101: unauthorized");
    Ok(())
}
