use centrifugo::reply;

#[centrifugo::refresh]
fn handler() -> reply::MapRemove {
    reply::MapRemove::allow()
}

fn main() {}
