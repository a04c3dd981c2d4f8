use centrifugo::reply;

#[centrifugo::map_publish(channel = "a:*")]
fn handler() -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
