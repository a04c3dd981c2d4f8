#[centrifugo::subscribe_stream(channel = "a:*")]
fn handler() {}

fn main() {}
