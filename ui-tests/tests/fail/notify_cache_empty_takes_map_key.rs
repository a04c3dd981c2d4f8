use centrifugo::extract::MapKey;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler(_taken: MapKey) {}

fn main() {}
