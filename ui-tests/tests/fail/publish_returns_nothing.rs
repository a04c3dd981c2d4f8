#[centrifugo::publish(channel = "a:*")]
fn handler() {}

fn main() {}
