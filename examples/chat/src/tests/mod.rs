//! Tests that call the handlers in process, with a temporary database and without Centrifugo.

use std::time::Duration;

use centrifugo::BoxError;
use centrifugo::testing::{Api, TestClient};
use serde_json::{Value, json};

use crate::bot::Bot;
use crate::messages::{Message, Post};
use crate::store::Store;
use crate::token_key::{TokenKey, TokenSecret};

mod bot;
mod device;
mod login;
mod membership;
mod mentions;
mod messages;
mod moderation;
mod rooms;
mod store;

type Test = Result<(), BoxError>;

/// Returns the program with an empty database and a fake of Centrifugo's API.
async fn chat() -> Result<(TestClient, Api), BoxError> {
    let api = Api::new();
    let store = Store::open("")?;
    let client = TestClient::builder()
        .api(api.client())
        // These values replace the `#[state]` functions, which read CHAT_DB and create a bot with a typing delay.
        .state(Bot::new(api.client(), store.clone(), Duration::ZERO))
        .state(store)
        .state(TokenKey::new(Some(&TokenSecret::random()?)))
        .layer(crate::rate_limit())
        .build()
        .await?;
    Ok((client, api))
}

/// Returns the data of a connect.
fn login(name: &str) -> Value {
    json!({ "name": name, "secret": format!("the secret of {name}") })
}

/// Returns the program with a moderator Ann and a member Bob, both in the lobby.
async fn chat_with_ann_and_bob() -> Result<(TestClient, Api), BoxError> {
    let (client, api) = chat().await?;
    for (name, id) in [("Ann", "ann"), ("Bob", "bob")] {
        assert!(client.connect().json(&login(name)).await.result().is_some());
        assert!(client.subscribe("room:lobby").user(id).await.result().is_some());
    }
    api.clear();
    Ok((client, api))
}

/// Returns the messages that were published to the lobby through the API.
fn published_messages(api: &Api) -> Result<Vec<String>, BoxError> {
    let posts = api.published_json::<Post>("room:lobby")?;
    let text = |post| match post {
        Post::Message(Message { text, .. }) => Some(text),
        _ => None,
    };
    Ok(posts.into_iter().filter_map(text).collect())
}

#[test]
fn configuration_fits_the_handlers() {
    centrifugo::testing::assert_config("config.json");
}

/// Run with `UPDATE_ROUTES=1` after a change of handlers.
#[test]
fn matches_the_file_of_routes() {
    centrifugo::testing::assert_routes("routes.txt");
}
