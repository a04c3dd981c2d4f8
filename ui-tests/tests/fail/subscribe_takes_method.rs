use centrifugo::{Method, reply};

#[centrifugo::subscribe(channel = "a:*")]
fn handler(_taken: Method) -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
