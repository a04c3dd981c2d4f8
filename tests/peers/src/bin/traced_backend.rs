//! A backend that sends traces to a collector, and whose handlers call the server API.

use centrifugo::{Api, Channel, Error, Json, UserId, reply};
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
async fn say(room: String, Json(said): Json<Value>, api: Api) -> Result<(), Error> {
    api.publish(format!("chat:{room}"), &said).await?;
    Ok(())
}

/// Centrifugo knows no namespace of this name.
#[centrifugo::rpc("nowhere")]
async fn nowhere(api: Api) -> Result<(), Error> {
    api.publish("nowhere:1", &1).await?;
    Ok(())
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::otel::init()?;
    centrifugo::serve()
}
