use centrifugo::extract::Incoming;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler(_taken: Incoming) {}

fn main() {}
