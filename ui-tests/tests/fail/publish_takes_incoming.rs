use centrifugo::extract::Incoming;
use centrifugo::reply;

#[centrifugo::publish(channel = "a:*")]
fn handler(_taken: Incoming) -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
