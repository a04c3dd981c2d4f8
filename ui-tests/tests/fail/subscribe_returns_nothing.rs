#[centrifugo::subscribe(channel = "news:*")]
fn handler() {}

fn main() {}
