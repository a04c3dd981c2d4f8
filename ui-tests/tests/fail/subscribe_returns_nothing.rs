#[centrifugo::subscribe(channel = "a:*")]
fn handler() {}

fn main() {}
