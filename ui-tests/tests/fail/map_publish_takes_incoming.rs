use centrifugo::extract::Incoming;
use centrifugo::reply;

#[centrifugo::map_publish(channel = "a:*")]
fn handler(_taken: Incoming) -> reply::MapPublish {
    reply::MapPublish::allow()
}

fn main() {}
