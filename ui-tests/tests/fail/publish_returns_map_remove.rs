use centrifugo::reply;

#[centrifugo::publish(channel = "a:*")]
fn handler() -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
