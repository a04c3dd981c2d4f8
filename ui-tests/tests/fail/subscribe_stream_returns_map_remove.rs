use centrifugo::reply;

#[centrifugo::subscribe_stream(channel = "a:*")]
fn handler() -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
