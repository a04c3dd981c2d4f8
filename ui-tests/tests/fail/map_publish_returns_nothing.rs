#[centrifugo::map_publish(channel = "a:*")]
fn handler() {}

fn main() {}
