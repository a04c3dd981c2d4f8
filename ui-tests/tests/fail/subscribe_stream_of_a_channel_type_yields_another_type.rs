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
fn lines() -> reply::Stream<Line> {
    reply::Stream::typed(reply::Subscribe::allow(), tokio_stream::iter(["no line"]))
}

fn main() {}
