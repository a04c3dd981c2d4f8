use centrifugo::Json;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler(_taken: Json<u32>) {}

fn main() {}
