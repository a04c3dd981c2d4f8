use centrifugo::{Data, reply};

#[centrifugo::map_remove(channel = "a:*")]
fn handler(_taken: Data) -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
