use centrifugo::reply;

#[centrifugo::subscribe(channel = "a:*")]
fn handler() -> reply::MapPublish {
    reply::MapPublish::allow()
}

fn main() {}
