use centrifugo::{Error, Json, reply};

#[derive(serde::Serialize, serde::Deserialize)]
struct Line {
    text: String,
}

#[centrifugo::channel("chat:{room}", publication = Line)]
struct Chat {
    room: u32,
}

#[centrifugo::publish(channel = Chat)]
fn say(Json(text): Json<String>) -> Result<reply::Publish<String>, Error> {
    Ok(reply::Publish::typed(&text))
}

fn main() {}
