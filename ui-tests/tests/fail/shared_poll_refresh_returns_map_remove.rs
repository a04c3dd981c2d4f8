use centrifugo::reply;

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler() -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
