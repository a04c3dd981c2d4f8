use centrifugo::reply;

#[centrifugo::publish(channel = "a:*")]
fn handler() -> reply::MapPublish {
    reply::MapPublish::allow()
}

fn main() {}
