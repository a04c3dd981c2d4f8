//! One handler for each event that RoadRunner delivers, and for each kind of answer.
//!
//! Started by RoadRunner, the program is a worker. With `WORKER_LISTEN` it is an endpoint. Started by hand, it plays RoadRunner to a
//! copy of itself and prints each event beside its answer: see `play.rs`.

use std::collections::HashMap;
use std::time::Duration;

use centrifugo::extract::Invalid;
use centrifugo::proto::proxy::NotifyChannelStateRequest;
use centrifugo::{Channel, Connection, Data, Json, Metadata, ResultExt, ServeError, State, UserId, reply};

mod page;
mod play;

/// The application's errors, each with what the client gets for it.
#[derive(Debug, thiserror::Error, centrifugo::ReplyError)]
enum AppError {
    #[error("no such user")]
    #[reply(error = 404)]
    NoSuchUser,
    #[error("slow down")]
    #[reply(error = 1001, temporary)]
    Busy,
    #[error("you are banned")]
    #[reply(disconnect = 4501)]
    Banned,
    #[error(transparent)]
    #[reply(transparent)]
    Other(#[from] centrifugo::Error),
}

/// The users who may connect, by token.
struct Users(HashMap<&'static str, &'static str>);

#[centrifugo::state]
fn users() -> Users {
    Users(HashMap::from([("t-ann", "ann"), ("t-bob", "bob")]))
}

#[derive(serde::Deserialize)]
struct Login {
    token: String,
}

#[derive(serde::Serialize)]
struct Card<'a> {
    name: &'a str,
    transport: &'a str,
}

/// Turns the client's token into a user whose connection lasts for an hour.
#[centrifugo::connect]
async fn connect(
    login: Json<Login>,
    connection: Connection,
    State(users): State<Users>,
) -> Result<reply::Connect, AppError> {
    let name = users.0.get(login.0.token.as_str()).ok_or(AppError::NoSuchUser)?;
    let card = Card {
        name,
        transport: &connection.transport,
    };
    Ok(reply::Connect::user(*name)
        .info(&card)
        .expires_in(Duration::from_secs(3600)))
}

/// Extends a connection, or lets it expire.
#[centrifugo::refresh]
fn refresh(user: UserId) -> Result<reply::Refresh, AppError> {
    match &*user {
        "ann" => Ok(reply::Refresh::extend_by(Duration::from_secs(3600))),
        "bob" => Ok(reply::Refresh::expired()),
        // A temporary error: the client stays connected, and Centrifugo asks again.
        _ => Err(AppError::Busy),
    }
}

/// Lets everybody subscribe to the news, except for banned users.
#[centrifugo::subscribe(channel = "news:*")]
fn news(user: Option<UserId>, channel: Channel) -> Result<reply::Subscribe, AppError> {
    if user.is_some_and(|user| &*user == "mallory") {
        return Err(AppError::Banned);
    }
    Ok(reply::Subscribe::allow()
        .data(&format!("welcome to {}", &*channel))
        .expires_in(Duration::from_secs(60)))
}

/// Extends each subscription to the news by a minute.
#[centrifugo::sub_refresh(channel = "news:*")]
fn news_again() -> reply::SubRefresh {
    reply::SubRefresh::extend_by(Duration::from_secs(60))
}

#[derive(serde::Deserialize, serde::Serialize)]
struct Line {
    text: String,
}

/// Trims a line before it is published, and refuses an empty one.
#[centrifugo::publish(channel = "chat:{room}")]
fn say(room: u32, line: Json<Line>, user: UserId) -> Result<reply::Publish, AppError> {
    let text = line.0.text.trim().to_owned();
    if text.is_empty() {
        return Err(centrifugo::Error::bad_request().into());
    }
    Ok(reply::Publish::allow()
        .data(&Line { text })
        .tag("room", room.to_string())
        .tag("by", &*user))
}

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

/// Takes `{number}` of the method as its argument.
#[centrifugo::rpc("square/{number}")]
fn square(number: i64) -> Json<i64> {
    Json(number.saturating_mul(number))
}

#[centrifugo::rpc("wait")]
async fn wait(Json(milliseconds): Json<u64>) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

#[centrifugo::rpc("tenant")]
fn tenant(metadata: Metadata) -> Result<Json<String>, AppError> {
    let tenant = metadata.one("x-tenant").internal()?.unwrap_or("none");
    Ok(Json(tenant.to_owned()))
}

#[centrifugo::rpc("divide")]
fn divide(Json((a, b)): Json<(i32, i32)>) -> Json<i32> {
    Json(a / b)
}

#[centrifugo::rpc("forever", timeout = "50ms")]
async fn forever() {
    std::future::pending::<()>().await;
}

/// Runs on a thread where it may block.
#[centrifugo::rpc("disk", blocking)]
fn disk() -> Result<Json<bool>, AppError> {
    let exists = std::fs::exists("/nowhere").internal()?;
    Ok(Json(exists))
}

/// Logs which channels got their first subscriber or lost their last one (Centrifugo PRO).
#[centrifugo::notify_channel_state]
fn channel_state(request: NotifyChannelStateRequest) {
    for event in request.events {
        eprintln!("channel {} is {}", event.channel, event.r#type);
    }
}

/// Tells Centrifugo that a channel in cache recovery mode could not be populated.
#[centrifugo::notify_cache_empty(channel = "board:*")]
fn fill_board() -> reply::CacheEmpty {
    reply::CacheEmpty::not_populated()
}

/// Logs an event that could not be read.
#[centrifugo::invalid]
fn invalid(invalid: Invalid) {
    eprintln!("unreadable event: {}", invalid.reason);
}

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let is_served =
        ["RR_RELAY", "WORKER_LISTEN", "WORKER_DESCRIBE"].map(|name| std::env::var_os(name).is_some());
    if is_served.contains(&true) {
        Ok::<(), ServeError>(centrifugo::serve()?)?
    } else {
        play::play(std::env::args().any(|argument| argument == "--log"))?
    };
    Ok(())
}
