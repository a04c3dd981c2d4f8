use centrifugo::reply;

#[centrifugo::connect]
fn handler() -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
