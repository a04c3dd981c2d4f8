use centrifugo::extract::Incoming;

#[centrifugo::rpc("a")]
fn handler(_taken: Incoming) {}

fn main() {}
