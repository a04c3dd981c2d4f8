#[centrifugo::rpc("a")]
fn handler(_channel: centrifugo::Channel) {}

fn main() {}
