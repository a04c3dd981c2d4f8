#[centrifugo::rpc("a", timeout = "30")]
fn handler() {}

fn main() {}
