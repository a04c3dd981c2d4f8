use centrifugo::{Method, reply};

#[centrifugo::map_publish(channel = "a:*")]
fn handler(_taken: Method) -> reply::MapPublish {
    reply::MapPublish::allow()
}

fn main() {}
