#[centrifugo::rpc("a")]
fn main() {}
