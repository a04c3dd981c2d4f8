//! The handlers, called in process, with a database of the test's own and without Centrifugo.

use std::time::Duration;

use centrifugo::BoxError;
use centrifugo::testing::{Api, TestClient};
use serde_json::{Value, json};

use crate::bot::Bot;
use crate::messages::{Message, Post};
use crate::store::Store;

mod bot;
mod login;
mod messages;
mod moderation;
mod rooms;

type Test = Result<(), BoxError>;

/// The program with an empty database, and what stands in for Centrifugo's API.
async fn chat() -> Result<(TestClient, Api), BoxError> {
    let api = Api::new();
    let store = Store::open("")?;
    let client = TestClient::builder()
        .api(api.client())
        // They take the places of the `#[state]` functions: one reads CHAT_DB, the other makes a bot that writes slowly.
        .state(Bot::new(api.client(), store.clone(), Duration::ZERO))
        .state(store)
        .layer(crate::limit::layer())
        .build()
        .await?;
    Ok((client, api))
}

/// What the page sends to connect.
fn login(name: &str) -> Value {
    json!({ "name": name, "secret": format!("the secret of {name}") })
}

/// The same, with a moderator Ann and a member Bob, both in the lobby.
async fn chat_with_ann_and_bob() -> Result<(TestClient, Api), BoxError> {
    let (client, api) = chat().await?;
    for (name, id) in [("Ann", "ann"), ("Bob", "bob")] {
        assert!(client.connect().json(&login(name)).await.result().is_some());
        assert!(client.subscribe("room:lobby").user(id).await.result().is_some());
    }
    api.clear();
    Ok((client, api))
}

/// The messages that were published through the API to the lobby.
fn said(api: &Api) -> Result<Vec<String>, BoxError> {
    let posts = api.published_json::<Post>("room:lobby")?;
    let text = |post| match post {
        Post::Message(Message { text, .. }) => Some(text),
        _ => None,
    };
    Ok(posts.into_iter().filter_map(text).collect())
}

/// Run with `UPDATE_ROUTES=1` when handlers were added.
#[test]
fn all_handlers_are_there() {
    centrifugo::testing::assert_routes("routes.txt");
}
