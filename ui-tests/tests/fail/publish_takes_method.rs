use centrifugo::{Method, reply};

#[centrifugo::publish(channel = "a:*")]
fn handler(_taken: Method) -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
