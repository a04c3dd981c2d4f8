use centrifugo::reply;

#[centrifugo::map_remove(channel = "a:*")]
fn handler() -> reply::MapPublish {
    reply::MapPublish::allow()
}

fn main() {}
