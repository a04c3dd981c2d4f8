#[centrifugo::map_remove(channel = "cursors:*")]
fn leave(_data: centrifugo::Data) -> centrifugo::reply::MapRemove {
    centrifugo::reply::MapRemove::allow()
}

fn main() {}
