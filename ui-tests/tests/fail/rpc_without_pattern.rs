#[centrifugo::rpc]
fn handler() {}

fn main() {}
