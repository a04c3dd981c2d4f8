use centrifugo::reply;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler() -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
