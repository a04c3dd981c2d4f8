use centrifugo::Incoming;

#[centrifugo::rpc("a")]
fn handler(_taken: Incoming) {}

fn main() {}
