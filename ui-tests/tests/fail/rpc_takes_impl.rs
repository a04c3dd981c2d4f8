#[centrifugo::rpc("a")]
fn handler(_any: impl Sized) {}

fn main() {}
