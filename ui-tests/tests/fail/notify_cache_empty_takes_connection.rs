use centrifugo::Connection;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler(_taken: Connection) {}

fn main() {}
