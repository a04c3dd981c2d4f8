#[centrifugo::rpc("a")]
unsafe fn handler() {}

fn main() {}
