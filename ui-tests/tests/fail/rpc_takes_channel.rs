use centrifugo::Channel;

#[centrifugo::rpc("a")]
fn handler(_taken: Channel) {}

fn main() {}
