#[centrifugo::rpc("a")]
struct Handler;

fn main() {}
