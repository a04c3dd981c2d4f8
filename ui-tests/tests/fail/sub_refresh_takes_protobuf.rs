use centrifugo::{Protobuf, reply};

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler(_taken: Protobuf<()>) -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
