#[centrifugo::rpc("a")]
fn handler(_text: String) {}

fn main() {}
