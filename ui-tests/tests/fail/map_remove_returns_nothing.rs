#[centrifugo::map_remove(channel = "a:*")]
fn handler() {}

fn main() {}
