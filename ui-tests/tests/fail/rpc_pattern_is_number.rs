#[centrifugo::rpc(7)]
fn handler() {}

fn main() {}
