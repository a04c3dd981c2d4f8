use centrifugo::reply;

#[centrifugo::map_remove(channel = "a:*")]
fn handler() -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
