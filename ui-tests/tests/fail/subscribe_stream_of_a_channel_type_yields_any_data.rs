use centrifugo::reply;

#[derive(serde::Serialize, serde::Deserialize)]
struct Line {
    text: String,
}

#[centrifugo::channel("chat:{room}", publication = Line)]
struct Chat {
    room: u32,
}

#[centrifugo::subscribe_stream(channel = Chat)]
fn lines() -> reply::Stream {
    reply::Stream::new(reply::Subscribe::allow(), tokio_stream::iter([centrifugo::Json(1)]))
}

fn main() {}
