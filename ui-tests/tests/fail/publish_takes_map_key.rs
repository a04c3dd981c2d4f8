use centrifugo::extract::MapKey;
use centrifugo::reply;

#[centrifugo::publish(channel = "a:*")]
fn handler(_taken: MapKey) -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
