use centrifugo::extract::Labels;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler(_taken: Labels) {}

fn main() {}
