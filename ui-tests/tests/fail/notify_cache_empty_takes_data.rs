use centrifugo::Data;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler(_taken: Data) {}

fn main() {}
