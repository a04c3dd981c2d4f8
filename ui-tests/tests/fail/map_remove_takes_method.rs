use centrifugo::{Method, reply};

#[centrifugo::map_remove(channel = "a:*")]
fn handler(_taken: Method) -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
