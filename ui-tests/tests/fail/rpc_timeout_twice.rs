#[centrifugo::rpc("a", timeout = "1s", timeout = "2s")]
fn handler() {}

fn main() {}
