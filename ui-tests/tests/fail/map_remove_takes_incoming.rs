use centrifugo::extract::Incoming;
use centrifugo::reply;

#[centrifugo::map_remove(channel = "a:*")]
fn handler(_taken: Incoming) -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
