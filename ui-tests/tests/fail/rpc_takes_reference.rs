#[centrifugo::rpc("a")]
fn handler(_data: &centrifugo::Data) {}

fn main() {}
