use centrifugo::{Json, reply};

#[centrifugo::map_remove(channel = "a:*")]
fn handler(_taken: Json<u32>) -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
