#[centrifugo::rpc("a")]
fn handler<T>() {}

fn main() {}
