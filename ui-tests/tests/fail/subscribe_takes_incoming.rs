use centrifugo::{Incoming, reply};

#[centrifugo::subscribe(channel = "a:*")]
fn handler(_taken: Incoming) -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
