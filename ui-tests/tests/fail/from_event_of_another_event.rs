use centrifugo::{Channel, UserId};

#[derive(centrifugo::FromEvent)]
struct Caller {
    _user: UserId,
    _channel: Channel,
}

#[centrifugo::rpc("a")]
fn handler(_caller: Caller) {}

fn main() {}
