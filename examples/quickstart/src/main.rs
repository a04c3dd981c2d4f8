//! The smallest complete backend: anonymous clients can connect, call `greet`, and publish to `chat:*` channels.

use centrifugo::{Json, ServeError, reply};

#[centrifugo::connect]
fn connect() -> reply::Connect {
    reply::Connect::anonymous()
}

#[centrifugo::rpc("greet")]
fn greet(Json(name): Json<String>) -> Json<String> {
    Json(format!("hello {name}"))
}

#[centrifugo::subscribe(channel = "chat:{room}")]
fn join(room: String) -> reply::Subscribe {
    reply::Subscribe::allow().data(&format!("welcome to {room}"))
}

#[centrifugo::publish(channel = "chat:*")]
fn say() -> reply::Publish {
    reply::Publish::allow()
}

fn main() -> Result<(), ServeError> {
    centrifugo::serve()
}
