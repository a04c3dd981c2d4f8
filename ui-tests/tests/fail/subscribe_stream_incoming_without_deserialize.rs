use centrifugo::extract::Incoming;
use centrifugo::{Json, reply};

struct Line;

#[centrifugo::subscribe_stream(channel = "chat:*")]
fn chat(_lines: Incoming<Line>) -> reply::Stream {
    reply::Stream::new(reply::Subscribe::allow(), tokio_stream::empty::<Json<u8>>())
}

fn main() {}
