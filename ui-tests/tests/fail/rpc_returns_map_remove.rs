use centrifugo::reply;

#[centrifugo::rpc("a")]
fn handler() -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
