//! A backend whose channels have types.

use centrifugo::api::ErrorKind;
use centrifugo::{Api, Error, Json, UserId, reply};
use serde::{Deserialize, Serialize};
use tokio_stream::StreamExt as _;

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    text: String,
}

/// A room of the chat.
#[centrifugo::channel(
    "chat:{room}", publication = Line, presence, join_leave, history_size = 100, history_ttl = "1h", force_recovery,
    allow_publish_for_subscriber = false, allowed_delta_types = ["fossil"], force_recovery_mode = "stream"
)]
struct Chat {
    room: String,
}

#[centrifugo::channel("clock:{city}", publication = u32)]
struct Clock {
    city: String,
}

#[centrifugo::channel(
    "board:{team}", item = Line, subscription_type = "map", map.mode = "ephemeral", map.key_ttl = "5m",
    map.default_page_size = 50, allow_subscribe_for_client
)]
struct Board {
    team: u32,
}

#[centrifugo::channel("lobby", publication = Line, history_size = 5, history_ttl = "1m")]
struct Lobby;

#[derive(Deserialize)]
struct Login {
    user: String,
}

#[centrifugo::connect]
fn connect(Json(login): Json<Login>) -> reply::Connect {
    reply::Connect::user(login.user)
}

#[centrifugo::subscribe(channel = Chat)]
fn join(chat: Chat, UserId(user): UserId) -> Result<reply::Subscribe, Error> {
    match chat.room.as_str() {
        "closed" => Err(Error::permission_denied()),
        room => Ok(reply::Subscribe::allow().data(&format!("{user} in {room}"))),
    }
}

#[centrifugo::publish(channel = Chat)]
fn say(_chat: Chat, Json(line): Json<Line>) -> reply::Publish<Line> {
    reply::Publish::typed(&line)
}

#[centrifugo::subscribe_stream(channel = Clock)]
fn ticks(clock: Clock) -> reply::Stream<u32> {
    let len = u32::try_from(clock.city.len()).unwrap_or(0);
    let ticks = tokio_stream::iter([len, 1]).chain(tokio_stream::pending());
    reply::Stream::typed(reply::Subscribe::allow(), ticks)
}

#[centrifugo::map_publish(channel = Board)]
fn put(_board: Board, Json(line): Json<Line>) -> reply::MapPublish<Line> {
    reply::MapPublish::typed(&line)
}

#[derive(Deserialize)]
struct Post {
    room: String,
    text: String,
}

/// Publishes to a room. Returns why the room has no channel.
#[centrifugo::rpc("post")]
async fn post(Json(post): Json<Post>, Api(api): Api) -> Result<Json<Option<String>>, Error> {
    let line = Line { text: post.text };
    match api.channel(Chat { room: post.room }).publish(&line).await {
        Ok(_) => Ok(Json(None)),
        Err(error) if error.kind() == ErrorKind::Invalid => Ok(Json(Some(error.to_string()))),
        Err(error) => Err(error.into()),
    }
}

/// Returns the lines of a room.
#[centrifugo::rpc("history/{room}")]
async fn history(room: String, Api(api): Api) -> Result<Json<Vec<String>>, Error> {
    let history = api.channel(Chat { room }).history().limit(50).await?;
    Ok(Json(
        history
            .publications
            .into_iter()
            .map(|publication| publication.data.text)
            .collect(),
    ))
}

/// Publishes to what `Display` writes for a room that has no channel. Returns the code of the error.
#[centrifugo::rpc("displayed")]
async fn displayed(Api(api): Api) -> Json<Option<u32>> {
    let chat = Chat {
        room: "1:2".to_owned(),
    };
    let published = api.publish(chat.to_string(), &Line { text: String::new() }).await;
    Json(published.err().and_then(|error| error.code()))
}

/// Publishes to channels without a namespace, and to a map. Returns the value of the key.
#[centrifugo::rpc("others")]
async fn others(Api(api): Api) -> Result<Json<(u64, Option<String>)>, Error> {
    let line = Line { text: "x".to_owned() };
    api.channel(Lobby).publish(&line).await?;
    api.channel(Board { team: 7 }).map_publish("k", &line).await?;
    let state = api.channel(Board { team: 7 }).map_read_state().limit(10).await?;
    let text = state
        .entries
        .into_iter()
        .find_map(|entry| entry.data)
        .map(|line| line.text);
    Ok(Json((api.channel(Lobby).history().all().await?.offset, text)))
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
