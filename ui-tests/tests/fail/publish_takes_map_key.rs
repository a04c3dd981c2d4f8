#[centrifugo::publish(channel = "chat:*")]
fn say(_key: centrifugo::MapKey) -> centrifugo::reply::Publish {
    centrifugo::reply::Publish::allow()
}

fn main() {}
