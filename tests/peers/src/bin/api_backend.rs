//! A backend whose handlers call the server API.

use centrifugo::{Api, Channel, Error, Json, State, UserId, reply};
use serde_json::{Value, json};

#[derive(serde::Deserialize)]
struct Login {
    user: String,
}

#[centrifugo::connect]
fn connect(Json(login): Json<Login>) -> reply::Connect {
    reply::Connect::user(login.user)
}

/// Publishes the join of a user to the room.
#[centrifugo::subscribe(channel = "chat:*")]
async fn join(channel: Channel, user: UserId, api: Api) -> Result<reply::Subscribe, Error> {
    api.publish(&*channel, &json!({ "joins": &*user })).await?;
    Ok(reply::Subscribe::allow())
}

#[centrifugo::rpc("say/{room}")]
async fn say(room: String, user: UserId, Json(said): Json<Value>, api: Api) -> Result<(), Error> {
    let channel = format!("chat:{room}");
    api.publish(channel, &said).tag("by", &*user).await?;
    Ok(())
}

#[centrifugo::rpc("who/{room}")]
async fn who(room: String, api: Api) -> Result<Json<Vec<String>>, Error> {
    let present = api.presence(format!("chat:{room}")).await?.presence;
    let mut users: Vec<_> = present.into_values().map(|info| info.user).collect();
    users.sort();
    Ok(Json(users))
}

#[centrifugo::rpc("kick")]
async fn kick(Json(user): Json<String>, api: Api) -> Result<(), Error> {
    api.disconnect(user).reason::<4501>("kicked").await?;
    Ok(())
}

/// Centrifugo's error about the unknown channel goes to the log only.
#[centrifugo::rpc("nowhere")]
async fn nowhere(api: Api) -> Result<(), Error> {
    api.publish("nowhere:1", &1).await?;
    Ok(())
}

/// A state that calls the server API.
struct Bot(Api);

#[centrifugo::state]
fn bot(api: Api) -> Bot {
    Bot(api)
}

#[centrifugo::rpc("bot")]
async fn ask_bot(State(bot): State<Bot>) -> Result<(), Error> {
    bot.0.publish("chat:bot", &"beep").await?;
    Ok(())
}

#[centrifugo::shutdown]
async fn bye(api: Api) {
    if let Err(error) = api.publish("chat:end", &"bye").await {
        eprintln!("no bye: {error}");
    }
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
