use centrifugo::{Protobuf, reply};

#[centrifugo::map_remove(channel = "a:*")]
fn handler(_taken: Protobuf<()>) -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
