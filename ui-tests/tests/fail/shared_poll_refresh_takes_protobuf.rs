use centrifugo::{Protobuf, reply};

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler(_taken: Protobuf<()>) -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
