#[centrifugo::rpc(channel = "a")]
fn handler() {}

fn main() {}
