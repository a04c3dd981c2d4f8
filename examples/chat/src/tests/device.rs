use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use centrifugo::testing::TestClient;
use serde_json::{Value, json};

use super::{Test, chat_with_ann_and_bob};
use crate::device::LIFETIME;
use crate::member::Member;
use crate::store::Store;
use crate::token_key::{TokenKey, TokenSecret};

#[tokio::test]
async fn signs_a_token_that_stands_for_the_user() -> Test {
    let (chat, _) = chat_with_ann_and_bob().await?;
    let token: String = chat.rpc("device/token").user("bob").await.json()?;
    let claims = token.split('.').nth(1).ok_or("no claims")?;
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims)?)?;
    assert_eq!(claims["sub"], "bob");
    assert_eq!(claims["info"], json!({ "name": "Bob" }));
    assert!(claims["subs"]["personal:bob"].is_object(), "{claims}");
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let left = claims["exp"].as_u64().ok_or("no exp")? - now;
    assert!(left > 0 && left <= LIFETIME.as_secs() + 1, "{left} s");

    // A device with a token asks for the profile that the connect handler returns to others.
    let profile: Value = chat.rpc("me").user("bob").await.json()?;
    assert_eq!(profile, json!({ "name": "Bob", "is_moderator": false }));
    Ok(())
}

#[tokio::test]
async fn refuses_tokens_without_a_key() -> Test {
    let chat = TestClient::builder()
        .api(centrifugo::testing::Api::new().client())
        .state(Store::open("")?)
        .state(TokenKey::new(None))
        .scoped(Member::default())
        .build()
        .await?;
    assert_eq!(
        chat.rpc("device/token").await.client_sees(),
        "error 1020: this server can't link devices"
    );
    Ok(())
}

#[test]
fn generates_another_secret_at_each_start() -> Test {
    let [one, other] = [TokenSecret::random()?, TokenSecret::random()?];
    assert_eq!(one.as_str().len(), 64);
    assert_ne!(one.as_str(), other.as_str());
    Ok(())
}
