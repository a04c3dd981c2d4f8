use centrifugo::reply;

#[centrifugo::notify_channel_state]
fn handler() -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
